// By what a viewer is known again: the token of their last join, one for each account. It names nobody, and another
// account never gets it. Who only looked on at a replay is not remembered: nothing counts there.

const name = (accountId: string) => `showfloor.viewer.${accountId}`;

/** The token of the last join at an account; "" when there is none. */
export function tokenOf(accountId: string, storage: Storage = localStorage): string {
  try {
    return storage.getItem(name(accountId)) ?? "";
  } catch {
    return ""; // a browser may forbid storage: then everybody is new
  }
}

/** Keeps the token of a join that counts. */
export function rememberToken(accountId: string, token: string, replayed: boolean, storage: Storage = localStorage) {
  if (replayed) return;
  try {
    storage.setItem(name(accountId), token);
  } catch {
    // Full or forbidden: the next join makes a new viewer.
  }
}

const followed = (accountId: string) => `showfloor.followed.${accountId}`;

/** Whether somebody in this browser has followed an account. */
export function isFollowed(accountId: string, storage: Storage = localStorage): boolean {
  try {
    return storage.getItem(followed(accountId)) !== null;
  } catch {
    return false;
  }
}

export function rememberFollowed(accountId: string, storage: Storage = localStorage): void {
  try {
    storage.setItem(followed(accountId), "true");
  } catch {
    // Full or forbidden: following again changes nothing.
  }
}
