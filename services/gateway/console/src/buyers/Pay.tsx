import Out from "lucide-react/icons/external-link";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import type { CheckoutLink } from "../api/types";
import { t } from "../i18n";
import { told } from "./told";

/** Leads out of the LIVE, into a tab of its own, so that the LIVE goes on. */
export function ShopLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a className="cta cta-wide" href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <Out size={18} aria-hidden />
    </a>
  );
}

interface Props {
  ask: () => Promise<CheckoutLink>;
  shop: string;
}

/** The way to the shop's own checkout. It is asked for before it is pressed: a browser opens only what is there then. */
export function Pay({ ask, shop }: Props) {
  const [link, setLink] = useState<string>();
  const [wrong, setWrong] = useState<unknown>();
  const now = useRef(ask);
  now.current = ask;
  const fetch = useCallback(() => {
    setWrong(undefined);
    now.current().then(({ url }) => setLink(url), setWrong);
  }, []);
  useEffect(fetch, [fetch]);
  const words = t("watch.pay-at", { shop });
  if (link && link.startsWith("https://")) return <ShopLink href={link}>{words}</ShopLink>;
  return (
    <>
      {wrong !== undefined && <p className="wrong" role="alert">{told(wrong)}</p>}
      {wrong === undefined ? (
        <button type="button" className="cta cta-wide" aria-busy="true">{words}</button>
      ) : (
        <button type="button" className="cta cta-wide" onClick={fetch}>{t("watch.again")}</button>
      )}
    </>
  );
}
