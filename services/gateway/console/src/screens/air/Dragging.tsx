import type { ReactNode } from "react";
import { type DragAndDropHooks, useDragAndDrop } from "react-aria-components";

export interface DraggingProps {
  isDisabled: boolean;
  onReorder: (moved: string, target: string, after: boolean) => void;
  /** The list, with what makes its lines draggable. */
  children: (hooks: DragAndDropHooks) => ReactNode;
}

/** Dragging the lines of a list, by the mouse, a finger or the keyboard. */
export function Dragging({ isDisabled, onReorder, children }: DraggingProps) {
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (dragged) => [...dragged].map((key) => ({ "text/plain": String(key) })),
    isDisabled,
    onReorder: ({ keys, target }) => onReorder(String([...keys][0]), String(target.key), target.dropPosition === "after"),
  });
  return children(dragAndDropHooks);
}
