import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import Loader from "lucide-react/icons/loader-circle";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { access } from "../../api/calls";
import { forgetCode, signInCode } from "../../app/links";
import { t } from "../../i18n";
import { base } from "../../lib/base";
import { useTitle } from "../../lib/title";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";
import { problemText } from "../../ui/Notes";
import { TOLD_IN_PLACE } from "../../ui/notices";
import { ThemeButton } from "../../ui/ThemeButton";
import "./sign-in.css";

const OWN = /^\/[^/\\]/;

export function SignIn() {
  const { next } = useSearch({ from: "/sign-in" });
  const link = signInCode();
  const { history } = useRouter();
  const cache = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const used = useRef(false);
  /** What was tried last was the link. */
  const [byLink, setByLink] = useState(link !== "");
  useTitle(t("sign-in"));

  const signIn = useMutation({
    mutationFn: (token: string) => (token ? access.signInWithLink(token) : access.signIn(email, password)),
    onSuccess: async () => {
      cache.clear();
      // Only a path of our own: a foreign address in `next` would lead away.
      history.replace(base + (next && OWN.test(next) ? next.slice(1) : ""));
    },
    onSettled: forgetCode,
    meta: TOLD_IN_PLACE,
  });
  const { mutate } = signIn;

  useEffect(() => {
    // A link works once, so it must be sent once, also when React mounts twice in development.
    if (!link || used.current) return;
    used.current = true;
    mutate(link);
  }, [link, mutate]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setByLink(false);
    mutate("");
  };
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <header className="sign-in-head">
          <p className="brand"><img src="./icon.svg" alt="" width="32" height="32" />Showfloor</p>
          <h1>{t("sign-in.to")}</h1>
        </header>
        {link && !signIn.error ? (
          <p role="status" className="sign-in-busy"><Loader className="button-busy" size={18} aria-hidden /> {t("sign-in.link")}</p>
        ) : (
          <form onSubmit={submit} className="stack">
            {signIn.error && byLink && <Banner tone="bad" title={t("sign-in.link-failed")}><p>{t("sign-in.link-failed.hint")}</p></Banner>}
            {signIn.error && !byLink && <p className="form-problem" role="alert">{problemText(signIn.error)}</p>}
            <TextField label={t("sign-in.email")} type="email" autoComplete="username" isRequired autoFocus value={email} onChange={setEmail} />
            <TextField label={t("sign-in.password")} type="password" autoComplete="current-password" isRequired value={password} onChange={setPassword} />
            <Button kind="primary" type="submit" isPending={signIn.isPending}>{t("sign-in")}</Button>
          </form>
        )}
        <p className="muted small">{t("sign-in.hint")}</p>
      </div>
      <div className="sign-in-tools">
        <ThemeButton />
      </div>
    </main>
  );
}
