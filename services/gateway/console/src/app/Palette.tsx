import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useState } from "react";
import { catalogue, sessions } from "../api/calls";
import { keys } from "../api/queries";
import { named, t } from "../i18n";
import { amount } from "../lib/format";
import { toggleTheme, useTheme } from "../lib/theme";
import { NewLive } from "../screens/live/NewLive";
import { DialogWindow as Dialog } from "../ui/overlays";
import "../words/sessions";
import "../ui/Field.css";
import "../ui/Options.css";
import { areasFor } from "./areas";
import type { PaletteProps } from "./opening";
import { useLooks } from "./looks";
import "./palette.css";
import { type Scope, useScope } from "./scope";
import { ALL, useSeats } from "./seats";
import { useSignOut } from "./signOut";

interface Entry {
  id: string;
  text: string;
  hint?: string;
  act: () => void;
}

type Group = [name: string, entries: Entry[]];

const MOST = 8;
/** So many shops are searched for a product. */
const MOST_SHOPS = 5;

/** Everything that one can go to or do, found by typing: arrows choose, Enter takes, Escape leaves. */
export function Palette({ isOpen, onClose, typed }: PaletteProps) {
  const [creating, setCreating] = useState(false);
  const scope = useScope();
  return (
    <>
      <Dialog title={t("palette")} isOpen={isOpen} onClose={onClose} wide>
        <Search typed={typed} scope={scope} onClose={onClose} onCreate={() => setCreating(true)} />
      </Dialog>
      <NewLive isOpen={creating} onClose={() => setCreating(false)} accounts={scope.accounts.filter((one) => one.shop_id)} />
    </>
  );
}

interface SearchProps {
  typed: string;
  scope: Scope;
  onClose: () => void;
  onCreate: () => void;
}

/** The focus stays in the field; the arrows say which entry is meant. */
function Search({ typed, scope, onClose, onCreate }: SearchProps) {
  const [text, setText] = useState(typed);
  const [at, setAt] = useState(0);
  const id = useId();
  const query = useDeferredValue(text.trim());
  const { groups, isSearching } = useGroups(query, scope, onCreate);
  const entries = groups.flatMap(([, members]) => members);
  const meant = Math.min(at, entries.length - 1);
  const optionId = (place: number) => `${id}-${place}`;
  const take = (one: Entry | undefined) => {
    if (!one) return;
    onClose();
    one.act();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const to = { ArrowDown: meant + 1, ArrowUp: meant - 1 }[event.key];
    if (event.key === "Enter") take(entries[meant]);
    if (to === undefined || entries.length === 0) return;
    event.preventDefault();
    const next = (to + entries.length) % entries.length;
    setAt(next);
    document.getElementById(optionId(next))?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <input
        type="text" role="combobox" autoFocus autoComplete="off" spellCheck={false} className="input palette-field"
        aria-label={t("palette.search")} placeholder={t("palette.search")}
        aria-expanded aria-controls={id} aria-activedescendant={entries.length ? optionId(meant) : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      <div id={id} role="listbox" aria-label={t("palette")} className="listbox palette-list" tabIndex={-1}>
        {groups.map(([name, members]) => (
          <div key={name} role="group" aria-label={name}>
            <div className="option-group" aria-hidden="true">{name}</div>
            {members.map((one) => {
              const place = entries.indexOf(one);
              return (
                <div
                  key={one.id} id={optionId(place)} role="option" aria-selected={place === meant}
                  className="option" data-focused={place === meant || undefined}
                  onPointerMove={() => setAt(place)}
                  onClick={() => take(one)}
                >
                  <span className="option-text">{one.text}</span>
                  {one.hint && <span className="muted small palette-hint">{one.hint}</span>}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <p className={entries.length ? "visually-hidden" : "listbox-empty"} role="status">
        {entries.length ? t("palette.found", { n: entries.length }) : t(isSearching ? "palette.searching" : "palette.none", { text: query })}
      </p>
    </>
  );
}

const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** What fits the words, by kind; no kind without an entry. LIVEs and products are searched by the server. */
function useGroups(query: string, scope: Scope, onCreate: () => void): { groups: Group[]; isSearching: boolean } {
  const wanted = useSettled(query);
  const lives = useLives(wanted, scope);
  const products = useProducts(wanted, scope);
  const pages = usePages();
  const places = usePlaces();
  const actions = useActions(onCreate);
  const fits = (one: Entry) => fold(`${one.text} ${one.hint ?? ""}`).includes(fold(query));
  const groups: Group[] = [
    [t("palette.pages"), pages.filter(fits)],
    [t("palette.lives"), lives.entries],
    [t("palette.products"), query ? products.entries : []],
    [t("palette.places"), places.filter(fits).slice(0, MOST)],
    [t("palette.actions"), actions.filter(fits)],
  ];
  return {
    groups: groups.filter(([, members]) => members.length > 0),
    isSearching: wanted !== query || lives.isFetching || products.isFetching,
  };
}

const SETTLE_MS = 150;

/** Words are asked for once typing pauses. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const soon = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(soon);
  }, [text]);
  return settled;
}

interface Found {
  entries: Entry[];
  isFetching: boolean;
}

function useLives(query: string, scope: Scope): Found {
  const navigate = useNavigate();
  const found = useQuery({
    queryKey: [...keys.sessions, "palette", query],
    queryFn: () => sessions.list({ query, metrics: ["gmv"], page_size: MOST }),
    placeholderData: (before) => before,
  });
  const names = new Map(scope.accounts.map((one) => [one.account_id, one.name]));
  const entries = (found.data?.sessions ?? []).map(({ session }): Entry => ({
    id: session.session_id,
    text: session.title,
    hint: [names.get(session.account_id), named("state", session.state)].filter(Boolean).join(" · "),
    act: () => void navigate({ to: "/live/$sessionId", params: { sessionId: session.session_id } }),
  }));
  return { entries, isFetching: found.isFetching };
}

function useProducts(query: string, scope: Scope): Found {
  const navigate = useNavigate();
  const { seat, choose } = useSeats();
  const shops = scope.shops.slice(0, MOST_SHOPS).map((one) => one.shop_id);
  const found = useQuery({
    queryKey: ["palette", "products", shops, query],
    queryFn: async () =>
      (await Promise.all(shops.map((shop) => catalogue.products(shop, { query, page_size: MOST })))).flatMap((page) => page.products),
    enabled: query !== "" && shops.length > 0,
    placeholderData: (before) => before,
  });
  const entries = (found.data ?? []).slice(0, MOST).map((one): Entry => ({
    id: one.product_id,
    text: one.title,
    hint: amount(one.price),
    act: () => {
      // The catalogue is of one shop.
      if (seat?.id === ALL) choose(`shop:${one.shop_id}`);
      void navigate({ to: "/products", search: { q: one.title } });
    },
  }));
  return { entries, isFetching: found.isFetching };
}

function usePages(): Entry[] {
  const navigate = useNavigate();
  const { work } = useSeats();
  return areasFor(work).flatMap((area) =>
    area.pages.map((page): Entry => ({
      id: page.to,
      text: t(page.name),
      ...(page.name !== area.name && { hint: t(area.name) }),
      act: () => void navigate({ to: page.to }),
    })),
  );
}

function usePlaces(): Entry[] {
  const { seats, seat, choose } = useSeats();
  return seats.filter((one) => one.id !== seat?.id).map((one) => ({
    id: one.id,
    text: one.account ?? one.name,
    hint: [one.account && one.name, named("role", one.role, "")].filter(Boolean).join(" · "),
    act: () => choose(one.id),
  }));
}

function useActions(onCreate: () => void): Entry[] {
  const theme = useTheme();
  const signOut = useSignOut();
  const looks = useLooks();
  const { work } = useSeats();
  const navigate = useNavigate();
  return [
    ...(work === "partner" ? [] : [
      { id: "new-live", text: t("new-live"), act: onCreate },
      { id: "schedule", text: t("palette.schedule"), act: () => void navigate({ to: "/live/calendar", search: { plan: true } }) },
    ]),
    { id: "theme", text: t(theme === "dark" ? "theme.light" : "theme.dark"), act: toggleTheme },
    ...looks,
    { id: "sign-out", text: t("sign-out"), act: () => void signOut() },
  ];
}
