import { Button as AriaButton, type ButtonProps } from "react-aria-components";

type Kind = "primary" | "plain" | "quiet" | "danger";

interface Props extends ButtonProps {
  kind?: Kind;
  small?: boolean;
}

export function Button({ kind = "plain", small = false, className, ...rest }: Props) {
  const classes = ["button", `button-${kind}`, small ? "button-small" : "", className ?? ""].join(" ").trim();
  return <AriaButton {...rest} className={classes} />;
}
