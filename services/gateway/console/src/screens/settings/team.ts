// Who works at a place: its own people, those of its accounts, and those who were added and have no role yet.

import { useQueries, useQuery } from "@tanstack/react-query";
import { type Member, team, type User } from "../../api/settings";
import type { Account, Place } from "./place";

/** So many accounts are asked who works on them; the switcher shows the others one by one. */
export const MOST_ACCOUNTS = 20;

export interface Person extends User {
  role: string;
  accounts: { account: Account; role: string }[];
}

/** Everybody once, with each of their roles; owners first, then by name. */
export function peopleOf(own: readonly Member[], users: readonly User[], each: readonly { account: Account; members: readonly Member[] }[]): Person[] {
  const people = new Map<string, Person>();
  const person = (one: { user_id: string; name: string }): Person => {
    const known = people.get(one.user_id) ?? { user_id: one.user_id, name: one.name, role: "", accounts: [] };
    people.set(one.user_id, known);
    return known;
  };
  for (const one of users) person(one).email = one.email;
  for (const one of own) person(one).role = one.role;
  for (const { account, members } of each) for (const one of members) person(one).accounts.push({ account, role: one.role });
  const rank = ({ role }: Person) => ["owner", "staff"].indexOf(role) + 1 || 3;
  return [...people.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

export const teamKey = (place: Place) => ["team", place.id];

export function useTeam(place: Place) {
  const accounts = place.accounts.slice(0, MOST_ACCOUNTS);
  const key = teamKey(place);
  const own = useQuery({ queryKey: [...key, "members"], queryFn: () => team.members(place.places, place.id), enabled: place.isOwner });
  const users = useQuery({ queryKey: [...key, "users"], queryFn: () => team.users({ [place.field]: place.id }), enabled: place.isOwner });
  const each = useQueries({
    queries: accounts.map((account) => ({
      queryKey: [...key, account.account_id],
      queryFn: () => team.members("accounts", account.account_id),
    })),
  });
  const asked = [...(place.isOwner ? [own, users] : []), ...each];
  const failed = asked.find((one) => one.error);
  return {
    isPending: asked.some((one) => one.isPending),
    error: failed?.error,
    retry: () => asked.forEach((one) => void one.refetch()),
    people: peopleOf(own.data ?? [], users.data ?? [], accounts.map((account, at) => ({ account, members: each[at]?.data ?? [] }))),
  };
}
