import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { access } from "../../api/calls";
import { forgetCode, signInCode } from "../../app/links";
import { t } from "../../i18n";
import { base } from "../../lib/base";
import { useTitle } from "../../lib/title";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";
import { problemText } from "../../ui/Notes";
import { ThemeButton } from "../../ui/ThemeButton";

const OWN = /^\/[^/\\]/;

export function SignIn() {
  const { next } = useSearch({ from: "/sign-in" });
  const link = signInCode();
  const { history } = useRouter();
  const cache = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const used = useRef(false);
  useTitle(t("sign-in"));

  const signIn = useMutation({
    mutationFn: (token: string) => (token ? access.signInWithLink(token) : access.signIn(email, password)),
    onSuccess: async () => {
      cache.clear();
      // Only a path of our own: a foreign address in `next` would lead away.
      history.replace(base + (next && OWN.test(next) ? next.slice(1) : ""));
    },
    onSettled: forgetCode,
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
    mutate("");
  };
  const failed = signIn.error && <p className="form-problem" role="alert">{problemText(signIn.error)}</p>;

  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1 className="brand brand-large">
          <img src="./icon.svg" alt="" width="32" height="32" />
          Showfloor
        </h1>
        {link && !signIn.error ? (
          <p role="status">{t("sign-in.link")}</p>
        ) : (
          <form onSubmit={submit} className="stack">
            {failed}
            <TextField
              label={t("sign-in.email")}
              type="email"
              autoComplete="username"
              isRequired
              autoFocus
              value={email}
              onChange={setEmail}
            />
            <TextField
              label={t("sign-in.password")}
              type="password"
              autoComplete="current-password"
              isRequired
              value={password}
              onChange={setPassword}
            />
            <Button kind="primary" type="submit" isPending={signIn.isPending}>
              {t("sign-in")}
            </Button>
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
