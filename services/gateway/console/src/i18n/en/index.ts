// Every word that the console shows, in English: one file per area, named like what it exports.

export { activity } from "./activity";
export { agency } from "./agency";
export { air } from "./air";
export { analytics } from "./analytics";
export { bag } from "./bag";
export { board } from "./board";
export { calendar } from "./calendar";
export { common } from "./common";
export { desk } from "./desk";
export { events } from "./events";
export { feed } from "./feed";
export { frame } from "./frame";
export { home } from "./home";
export { imports } from "./imports";
export { metrics } from "./metrics";
export { orders } from "./orders";
export { picking } from "./picking";
export { plan } from "./plan";
export { problems } from "./problems";
export { products } from "./products";
export { review } from "./review";
export { sessions } from "./sessions";
export { settings } from "./settings";
export { talk } from "./talk";
export { ui } from "./ui";
export { watch } from "./watch";
