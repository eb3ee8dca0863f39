import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { access } from "../../api/calls";
import { t } from "../../i18n";
import { signedInAgain, useSignedOut } from "../../live/signedOut";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { problemText } from "../../ui/Notes";
import { TOLD_IN_PLACE } from "../../ui/notices";
import { TextField } from "../../ui/TextField";

/** A sign-in that runs out while on air: asked for again over the room. The LIVE goes on. */
export function SignInAgain({ held }: { held: boolean }) {
  const out = useSignedOut(held);
  const cache = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => access.signIn(email, password),
    meta: TOLD_IN_PLACE,
    onSuccess: () => {
      setPassword("");
      signedInAgain();
      void cache.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Dialog title={t("sign-in.again")} isOpen={out} onClose={() => undefined} stays>
      <form className="stack" onSubmit={submit}>
        <p>{t("sign-in.again-hint")}</p>
        {signIn.error && <p className="form-problem" role="alert">{problemText(signIn.error)}</p>}
        <TextField label={t("sign-in.email")} type="email" autoComplete="username" isRequired autoFocus value={email} onChange={setEmail} />
        <TextField label={t("sign-in.password")} type="password" autoComplete="current-password" isRequired value={password} onChange={setPassword} />
        <footer className="dialog-foot">
          <Button kind="primary" type="submit" isPending={signIn.isPending}>{t("sign-in")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
