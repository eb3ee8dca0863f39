// The shapes of the public API that the console uses. Names are those of the contracts (protos/showfloor/api): what a
// field means is written there. Enums travel as lower-case short names, times as RFC 3339 UTC, int64 as numbers.

export * from "./importTypes";

export type SessionState = "prepared" | "practice" | "live" | "ended";
export type SessionSource = "live" | "replay" | "import";
export type ProductSource = "set" | "showcase" | "link" | "collab";
export type Quadrant = "star" | "explain" | "show" | "replace" | "unspecified";
export type OrderState = "placed" | "paid" | "cancelled" | "refunded" | "expired";
export type PaymentSource = "checkout" | "connector" | "by_hand" | "simulated" | "unspecified";

export interface Money {
  minor: number;
  currency: string;
}

export interface Reading {
  metric: string;
  value?: number | null;
  missing?: string;
  currency?: string;
}

export interface Watermark {
  position: number;
  signals_time?: string;
}

export interface Session {
  session_id: string;
  account_id: string;
  shop_id: string;
  title: string;
  state: SessionState;
  source: SessionSource;
  currency: string;
  open_time?: string | null;
  start_time?: string | null;
  end_time?: string | null;
  script?: string;
  simulated?: boolean;
  pinned_comment_id?: string;
  pinned_product_id?: string;
  version: number;
  bag_size?: number;
  simulated_payments?: boolean;
  no_sign_of_life_since?: string | null;
  ended_for_silence?: boolean;
  playback?: Playback | null;
  /** The LIVE event that it was prepared for; "" when it belongs to none. */
  event_id?: string;
  /** The scheduled start of that event. */
  not_before_time?: string | null;
}

/** Where viewers see the show. */
export interface Playback {
  kind: "unspecified" | "hls" | "whep";
  url: string;
  poster_url?: string;
}

export interface Product {
  product_id: string;
  shop_id: string;
  reference: string;
  title: string;
  category: string;
  price: Money;
  commission_bps?: number;
  label?: string;
  in_showcase?: boolean;
  collab_invite?: string;
  link?: string;
  compare_at_price?: Money | null;
  /** Units that the shop can still sell; absent when nobody counts them. */
  stock?: number | null;
  image_url?: string;
  /** A picture that was uploaded; shown in place of the other. */
  image_id?: string;
  archived?: boolean;
  version?: number;
  /** These two are told by lists alone. */
  create_time?: string | null;
  units_sold?: number;
  /** What its variants differ in, and the variants: told where one product is asked for. */
  options?: { name: string }[];
  variants?: ProductVariant[];
  variant_count?: number;
}

/** One of several forms of a product. */
export interface ProductVariant {
  variant_id: string;
  reference: string;
  values: string[];
  price: Money;
  compare_at_price?: Money | null;
  stock?: number | null;
}

export interface ProductPage {
  products: Product[];
  next_page_token?: string;
  total_count?: number;
}

/** What a shop's products are sorted into. */
export interface Categories {
  categories: { category: string; products: number }[];
  labels: { label: string; products: number }[];
}

export interface ProductSet {
  product_set_id: string;
  name: string;
  product_ids: string[];
}

export interface BagItem {
  product: Product;
  number: number;
  source: ProductSource;
  pinned?: boolean;
}

export interface PinInterval {
  product_id: string;
  start_time: string;
  end_time?: string | null;
}

export interface Comment {
  comment_id: string;
  session_id: string;
  text: string;
  author_name: string;
  author_ref?: string;
  from_host?: boolean;
  product_id?: string;
  reply_to?: string;
  pinned?: boolean;
  create_time: string;
  position: number;
}

export interface OrderItem {
  product_id: string;
  quantity: number;
  unit_price: Money;
  /** The variant that was chosen; absent where there is none, or nobody said. */
  variant_reference?: string;
  variant_name?: string;
}

export interface Order {
  order_id: string;
  reference: string;
  viewer_ref?: string;
  items: OrderItem[];
  total: Money;
  refunded?: Money | null;
  state: OrderState;
  direct?: boolean;
  first_time_buyer?: boolean;
  place_time: string;
  pay_time?: string | null;
  payment_source?: PaymentSource;
  revived?: boolean;
  expire_time?: string | null;
}

/** An order as its viewer sees it. */
export interface OwnOrder {
  order: Order;
  titles?: string[];
}

export interface CheckoutLink {
  url: string;
  expire_time: string;
}

/** Whose LIVE it is. */
export interface Seller {
  account_name: string;
  shop_name: string;
  /** The shop has a checkout of its own. */
  checkout: boolean;
}

export type ActivityKind = "comment" | "order" | "follow" | "gift";

export interface Activity {
  position: number;
  kind: ActivityKind;
  subject_id: string;
  time: string;
  viewer_name?: string;
  summary: string;
  amount?: Money | null;
  product_id?: string;
  state?: string;
  from_host?: boolean;
  reply_to?: string;
  payment_source?: PaymentSource;
}

export interface ActivityPage {
  activities: Activity[];
  more?: boolean;
  watermark?: Watermark;
}

export interface ChannelTraffic {
  channel: string;
  impressions: number;
  views: number;
  share?: number | null;
}

/** What viewers now, peak and watch time rest on; "unspecified" while nothing is known. */
export type PresenceSource = "unspecified" | "evidence" | "enters_and_leaves" | "counts" | "mixed";

export interface Board {
  session: Session;
  core: Reading[];
  channels: ChannelTraffic[];
  pins: PinInterval[];
  watermark?: Watermark;
  presence_source?: PresenceSource;
  now_showing?: NowShowing | null;
  units_since_pin?: UnitsSincePin[];
}

/** What came of showing a product, since it was pinned the last time. */
export interface NowShowing {
  product_id: string;
  pin_time: string;
  pinned_s: number;
  readings: Reading[];
}

export interface UnitsSincePin {
  product_id: string;
  pin_time: string;
  units_sold: number;
}

export interface Trend {
  times: string[];
  step_minutes: number;
  series: { metric: string; currency?: string; points: { value?: number | null }[] }[];
  pins: PinInterval[];
  channels?: ChannelTraffic[];
  watermark?: Watermark;
}

/** Where an account's LIVEs stood after so many whole minutes on air. */
export interface UsualPoint {
  minutes: number;
  sessions: number;
  lower_quartile: number;
  median: number;
  upper_quartile: number;
}

export interface UsualCurve {
  sessions: number;
  /** Why there is none; "" when there is one. */
  missing: string;
  step_minutes: number;
  series: { metric: string; currency?: string; points: UsualPoint[] }[];
}

export interface ProductAnalytics {
  product_id: string;
  title: string;
  readings: Reading[];
  quadrant?: Quadrant;
  advice?: string;
}

export interface ProductAnalyticsPage {
  products: ProductAnalytics[];
  ctr_threshold?: number | null;
  ctor_threshold?: number | null;
  watermark?: Watermark;
}

export interface AudienceSlice {
  dimension: string;
  value: string;
  viewers: number;
  buyers: number;
}

export interface Audience {
  slices: AudienceSlice[];
  viewers?: number | null;
  buyers?: number | null;
  first_time_buyers?: number | null;
  /** The slices tell nothing of viewers. */
  buyers_only?: boolean;
  watermark?: Watermark;
}

/** What the host might do, and what that rests on. */
export interface Suggestion {
  rule: string;
  title: string;
  advice: string;
  metrics: string[];
  product_id?: string;
  from_time: string;
  until_time: string;
  change?: number | null;
}

export interface SuggestionList {
  suggestions: Suggestion[];
  watermark?: Watermark;
}

export interface Comparison {
  comparisons: { reading: Reading; average: Reading; difference?: number | null }[];
  elapsed_minutes?: number | null;
  sessions: number;
}

export interface Recap {
  session: Session;
  duration_s: number;
  products_featured: number;
  readings: Reading[];
  top_products: ProductAnalytics[];
  replay_expire_time?: string | null;
  detail_expire_time?: string | null;
  watermark?: Watermark;
  presence_source?: PresenceSource;
}

export interface SessionRow {
  session: Session;
  readings: Reading[];
}

export interface SessionPage {
  sessions: SessionRow[];
  next_page_token?: string;
  total_size?: number;
}

/** One entry of the metric registry (libs/metrics). */
export interface Metric {
  name: string;
  title: string;
  group: "sales" | "traffic" | "engagement" | "products";
  definition: string;
  formula: string;
  numerator?: string;
  denominator?: string;
  unit: Unit;
  scopes?: string[];
  version?: number;
}

export type Unit = "money" | "count" | "rate" | "seconds";

export interface Me {
  user: { user_id: string; email?: string | null; name: string };
  shops: { shop_id: string; name: string; currency?: string; role?: string | null }[];
  accounts: { account_id: string; name: string; shop_id?: string; creator_id?: string; kind: string; role?: string | null }[];
}

/** A LIVE on air, as anybody may know it. */
export type LiveNow = Pick<Session, "session_id" | "title" | "state" | "source" | "simulated" | "start_time">;

export interface Watch {
  session: Session;
  items: BagItem[];
  pinned_comment?: Comment | null;
  test_checkout?: boolean;
}
