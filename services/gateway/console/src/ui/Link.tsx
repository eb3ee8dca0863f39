import ExternalMark from "lucide-react/icons/external-link";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, ReactNode, Ref } from "react";
import { t } from "../i18n";
import "./Link.css";

type Look = "inline" | "row" | "quiet" | "button" | "button-primary";

const CLASSES: Record<Look, string> = {
  inline: "link",
  row: "link link-row",
  quiet: "link link-quiet",
  button: "button button-secondary",
  "button-primary": "button button-primary",
};

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  look?: Look;
  small?: boolean;
  ref?: Ref<HTMLAnchorElement>;
}

/** Leads to a page of the console. */
export const Link = createLink(function Link({ look = "inline", small = false, className = "", ...rest }: Props) {
  return <a {...rest} className={`${CLASSES[look]}${small ? " button-small" : ""} ${className}`.trimEnd()} />;
});

/** Leads out of the console, into a window of its own. */
export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className="link">
      {children} <ExternalMark size={12} aria-label={t("ui.new-window")} />
    </a>
  );
}
