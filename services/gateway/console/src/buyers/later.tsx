import { type ComponentType, useEffect, useState } from "react";
import { t } from "../i18n";
import { Sheet } from "./Sheet";

/** A sheet whose code comes when it is wanted: a press opens it at once, and code that did not come is asked for again. */
export function later<Props extends { onClose: () => void }>(load: () => Promise<ComponentType<Props>>) {
  let known: ComponentType<Props> | undefined;
  const get = async () => (known = await load());
  function Later(props: Props) {
    const [Part, setPart] = useState(() => known);
    const [failed, setFailed] = useState(false);
    const ask = () => {
      setFailed(false);
      get().then((part) => setPart(() => part), () => setFailed(true));
    };
    useEffect(() => {
      if (!known) ask();
    }, []);
    if (Part) return <Part {...props} />;
    return (
      <Sheet title={t("loading")} onClose={props.onClose}>
        {failed ? (
          <>
            <p className="wrong" role="alert">{t("refusal.UNREACHABLE")}</p>
            <button type="button" className="cta cta-wide" onClick={ask}>{t("watch.again")}</button>
          </>
        ) : (
          <div className="sheet-waits" aria-busy="true" />
        )}
      </Sheet>
    );
  }
  /** Fetches the code before it is wanted. */
  Later.ahead = () => void get().catch(() => undefined);
  return Later;
}
