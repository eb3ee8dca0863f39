import { type ComponentType } from "react";
import { later } from "../lib/later";
import { NotLoaded } from "./NotLoaded";

/** A part of a page behind its own file; `waiting` holds its place until it is there. */
export const part = <P extends object>(load: () => Promise<ComponentType<P>>, waiting?: ComponentType<P>) => later<P>(load, { waiting, failed: NotLoaded });
