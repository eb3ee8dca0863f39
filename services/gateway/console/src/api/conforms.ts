// Proof by the compiler that the shapes in types.ts are those of the gateway: `npm run build` first generates schema.ts from
// the gateway's openapi.json. A field that the API does not know, or knows as something else, stops the build here.
//
// The shapes are written by hand all the same: the schema serves requests as well as answers, so it calls every field
// optional, and only types.ts says which ones an answer always holds.

import type { components } from "./schema";
import type * as events from "./events";
import type * as home from "./home";
import type * as settings from "./settings";
import type * as ours from "./types";

type Schemas = components["schemas"];

/** Enums count as text: the console treats a word that it does not know as such. */
type Loose<T> = T extends string
  ? string
  : T extends readonly (infer One)[]
    ? readonly Loose<One>[]
    : T extends object
      ? { readonly [Key in keyof T]?: Loose<T[Key]> | null }
      : T;

/** `true` when every field of ours exists there and holds the same kind of value; else the names that do not. */
type Fits<Ours, Theirs> =
  Exclude<keyof Ours, keyof Theirs> extends never ? (Theirs extends Loose<Ours> ? true : "kinds differ") : Exclude<keyof Ours, keyof Theirs>;

type Shapes = {
  Activity: ours.Activity;
  ListActivityResponse: ours.ActivityPage;
  GetAudienceResponse: ours.Audience;
  AudienceSlice: ours.AudienceSlice;
  BagItem: ours.BagItem;
  GetBoardResponse: ours.Board;
  ListProductCategoriesResponse: ours.Categories;
  ChannelTraffic: ours.ChannelTraffic;
  Comment: ours.Comment;
  CompareSessionResponse: ours.Comparison;
  Import: ours.Import;
  ImportChange: ours.ImportChange;
  ImportColumn: ours.ImportColumn;
  ImportedVariant: ours.ImportedVariant;
  ImportProblem: ours.ImportProblem;
  LiveNow: ours.LiveNow;
  Me: ours.Me;
  Metric: ours.Metric;
  Money: ours.Money;
  NowShowing: ours.NowShowing;
  Order: ours.Order;
  OwnOrder: ours.OwnOrder;
  CheckoutLink: ours.CheckoutLink;
  Seller: ours.Seller;
  Checkout: settings.Checkout;
  CheckoutKey: settings.CheckoutKey;
  OrderItem: ours.OrderItem;
  PinInterval: ours.PinInterval;
  Playback: ours.Playback;
  Product: ours.Product;
  ProductAnalytics: ours.ProductAnalytics;
  ListProductAnalyticsResponse: ours.ProductAnalyticsPage;
  ListProductsResponse: ours.ProductPage;
  ProductSet: ours.ProductSet;
  Reading: ours.Reading;
  GetRecapResponse: ours.Recap;
  Session: ours.Session;
  ListSessionsResponse: ours.SessionPage;
  SessionRow: ours.SessionRow;
  Suggestion: ours.Suggestion;
  ListSuggestionsResponse: ours.SuggestionList;
  GetTrendResponse: ours.Trend;
  UnitsSincePin: ours.UnitsSincePin;
  GetUsualCurveResponse: ours.UsualCurve;
  Watermark: ours.Watermark;
  WatchSessionResponse: ours.Watch;
  Binding: settings.Binding;
  Connector: settings.Connector;
  Grant: settings.Grant;
  GrantUse: settings.GrantUse;
  LiveEvent: events.LiveEvent;
  EventSession: events.SessionOfEvent;
  EventTime: events.EventTime;
  CheckEventTimeResponse: events.EventTimeCheck;
  SuggestedTime: events.SuggestedTime;
  GetSuggestedTimeResponse: events.Suggested;
  GetHomeResponse: home.HomeAnswer;
  ChecklistItem: home.ChecklistItem;
  LiveTask: home.LiveTask;
  EarnedReward: home.EarnedReward;
  PromoteReminder: home.PromoteReminder;
  GuideSummary: home.GuideSummary;
  GetGuideResponse: home.GuideAnswer;
  GuideBlock: home.GuideBlock;
  Member: settings.Member;
  NewConnector: settings.NewConnector;
  NewGrant: settings.NewGrant;
  NewUser: settings.NewUser;
  User: settings.User;
};

export type Proof = { [Name in keyof Shapes]: Name extends keyof Schemas ? Fits<Shapes[Name], Schemas[Name]> : "no such schema" };

type AllTrue = { [Name in keyof Shapes]: true };

/** Does not compile unless every line of `Proof` is `true`. */
export const proof = (found: Proof): AllTrue => found;
