const LONGEST = 14;
const SHOWN = 8;

/** A reference that people can say to each other: a long one by its end. */
export const orderNumber = (reference: string) => (reference.length <= LONGEST ? reference : reference.slice(-SHOWN).toUpperCase());
