// That somebody signs in to the console in this browser. The buyers' pages ask who is there only where it is so.

const KEY = "showfloor.works-here";

export function knowStaff(here: boolean): void {
  try {
    if (here) localStorage.setItem(KEY, "true");
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that forbids storage: the way back is not shown there.
  }
}

export function mayBeStaff(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
