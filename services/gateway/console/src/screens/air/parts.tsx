// Parts of the desk whose services are still to come. A service that comes gives its part a panel of its own here.

import type { ComponentType } from "react";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { EmptyState } from "../../ui/EmptyState";

export interface PartProps {
  session: Session;
}

export interface Part {
  id: "giveaways" | "flash-sales" | "billboards" | "quality";
  Panel: ComponentType<PartProps>;
}

const toCome = (id: Part["id"]): Part => ({
  id,
  Panel: () => (
    <EmptyState title={t(`part.${id}.none`)}>
      <p className="small">{t(`part.${id}.hint`)}</p>
    </EmptyState>
  ),
});

/** Beside the products. */
export const PROMOTIONS: readonly Part[] = [toCome("giveaways"), toCome("flash-sales"), toCome("billboards")];

/** In the Prompter. */
export const QUALITY: Part = toCome("quality");
