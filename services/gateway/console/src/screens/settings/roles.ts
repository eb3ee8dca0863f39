import { named, t } from "../../i18n";
import type { Choice } from "../../ui/Choice";
import type { Place } from "./place";

export const PLACE_ROLES = ["owner", "staff"] as const;
export const ACCOUNT_ROLES = ["host", "assistant", "moderator", "analyst"] as const;

/** Stands for no role where one is chosen. */
export const NO_ROLE = "none";

const none = (): Choice => ({ id: NO_ROLE, text: t("team.none-role") });

/** The roles in a shop, creator or partner, each with what it may do; or none. */
export const placeRoles = (place: Place): Choice[] =>
  [...PLACE_ROLES.map((id) => ({ id, text: named("role", id), hint: t(`team.may.${place.places}.${id}`) })), none()];

/** The roles on one account, each with what it may do; or none. */
export const accountRoles = (): Choice[] =>
  [...ACCOUNT_ROLES.map((id) => ({ id, text: named("role", id), hint: t(`team.may.${id}`) })), none()];
