// A sign-in link may carry its token before the hash; routes live behind it. Done at once when this module is loaded.

const token = new URLSearchParams(location.search).get("link");
if (token) {
  const page = location.pathname.replace(/sign-in\/?$/, "");
  history.replaceState(null, "", `${page}#/sign-in?link=${encodeURIComponent(token)}`);
}
