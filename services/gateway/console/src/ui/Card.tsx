import { type ReactNode, useId } from "react";
import "./Card.css";

interface Props {
  title?: ReactNode;
  hint?: ReactNode;
  /** Buttons and controls at the end of its head. */
  actions?: ReactNode;
  /** What it holds reaches its edges, as a table does. */
  flush?: boolean;
  children: ReactNode;
}

/** One matter on a page. With a title it is a region that a screen reader can go to. */
export function Card({ title, hint, actions, flush = false, children }: Props) {
  const id = useId();
  return (
    <section className={flush ? "panel panel-flush" : "panel"} aria-labelledby={title ? id : undefined}>
      {(title || actions) && (
        <header className="panel-head">
          <div>
            {title && <h2 id={id}>{title}</h2>}
            {hint && <p className="muted small">{hint}</p>}
          </div>
          {actions && <div className="row">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
