import { expect, it } from "vitest";
import type { Account } from "./place";
import { peopleOf } from "./team";

const account: Account = { account_id: "a", name: "Tea", kind: "official" };

it("shows everybody once, with each of their roles, owners before the others", () => {
  const people = peopleOf(
    [{ user_id: "2", name: "Zoe", role: "owner" }, { user_id: "1", name: "Ada", role: "staff" }],
    [{ user_id: "1", name: "Ada", email: "ada@example.com" }, { user_id: "3", name: "Bo" }],
    [{ account, members: [{ user_id: "1", name: "Ada", role: "moderator" }] }],
  );
  expect(people.map(({ name, role, email }) => [name, role, email])).toEqual([
    ["Zoe", "owner", undefined], ["Ada", "staff", "ada@example.com"], ["Bo", "", undefined],
  ]);
  expect(people[1]!.accounts).toEqual([{ account, role: "moderator" }]);
});
