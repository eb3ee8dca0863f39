// What a page of sets loads once it is wanted: dragging and choosing are heavy.

export { AddProducts } from "./AddProducts";
export { NewSet } from "./NewSet";
export { RenameSet } from "./RenameSet";
export { SetOrder } from "./SetOrder";
