// What a creator puts in to sell a product of another seller.

const LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"; // none that looks like another
const LENGTH = 12;
const GROUP = 4;

/** An invite that nobody guesses. */
export function newInvite(random: (size: number) => Uint32Array = draw): string {
  const text = Array.from(random(LENGTH), (one) => LETTERS[one % LETTERS.length]).join("");
  return text.match(new RegExp(`.{${GROUP}}`, "g"))!.join("-");
}

const draw = (size: number) => crypto.getRandomValues(new Uint32Array(size));
