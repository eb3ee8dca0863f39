// What opens over a page. One file of its own: a page loads it after itself (over.tsx).

import X from "lucide-react/icons/x";
import type { ReactNode, RefObject } from "react";
import {
  Dialog as AriaDialog, Heading, Menu as AriaMenu, MenuItem, Modal, ModalOverlay, Popover as AriaPopover, type PopoverProps, Separator,
} from "react-aria-components";
import { t } from "../i18n";
import { Button } from "./Button";
import type { Choice } from "./Choice";
import type { DialogProps } from "./Dialog";
import type { MenuAction } from "./Menu";
import { Options } from "./Options";
import type { SheetProps } from "./Sheet";

function Close({ onClose }: { onClose: () => void }) {
  return <Button kind="quiet" small className="icon-button" aria-label={t("action.close")} onPress={onClose} icon={<X aria-hidden />} />;
}

export function DialogWindow({ title, isOpen, onClose, wide = false, stays = false, children }: DialogProps) {
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable={!stays} isKeyboardDismissDisabled={stays} onOpenChange={(open) => !open && onClose()}>
      <Modal className={wide ? "modal modal-wide" : "modal"}>
        <AriaDialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            {!stays && <Close onClose={onClose} />}
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function SheetWindow({ title, isOpen, onClose, from = "side", children, foot }: SheetProps) {
  return (
    <ModalOverlay className="overlay sheet-overlay" isOpen={isOpen} isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={`sheet sheet-${from}`}>
        <AriaDialog className="sheet-dialog">
          <header className="dialog-head sheet-head">
            <Heading slot="title">{title}</Heading>
            <Close onClose={onClose} />
          </header>
          <div className="sheet-body">{children}</div>
          {foot && <footer className="dialog-foot sheet-foot">{foot}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What every window beside a button is told. */
interface Beside extends Pick<PopoverProps, "placement"> {
  label: string;
  anchor: RefObject<HTMLButtonElement | null>;
  isOpen: boolean;
  onClose: () => void;
}

export interface PopoverWindowProps extends Beside {
  className: string;
  body: string;
  children: ReactNode;
}

export function PopoverWindow({ label, anchor, isOpen, onClose, placement, className, body, children }: PopoverWindowProps) {
  return (
    <AriaPopover className={className} triggerRef={anchor} isOpen={isOpen} onOpenChange={(open) => !open && onClose()} placement={placement}>
      <AriaDialog aria-label={label} className={body}>{children}</AriaDialog>
    </AriaPopover>
  );
}

export interface MenuWindowProps extends Beside {
  /** Where the keyboard begins; by a pointer nowhere. */
  first: "first" | "last" | true;
  actions: readonly MenuAction[];
}

export function MenuWindow({ label, anchor, isOpen, onClose, first, actions }: MenuWindowProps) {
  return (
    <AriaPopover aria-label={label} className="popover" trigger="MenuTrigger" triggerRef={anchor} isOpen={isOpen} onOpenChange={(open) => !open && onClose()} placement="bottom end">
      <AriaMenu aria-label={label} className="listbox" autoFocus={first} onClose={onClose}>
        {actions.flatMap(({ id, text, icon, keys, danger, apart, ...rest }) => [
          ...(apart ? [<Separator key={`${id}-apart`} className="menu-line" />] : []),
          <MenuItem key={id} id={id} textValue={text} className={danger ? "option menu-item menu-danger" : "option menu-item"} {...rest}>
            {icon}
            <span className="option-text">{text}</span>
            {keys && <kbd className="kbd">{keys}</kbd>}
          </MenuItem>,
        ])}
      </AriaMenu>
    </AriaPopover>
  );
}

export interface ListWindowProps extends Beside {
  choices: readonly Choice[];
  value: string;
  onChange: (value: string) => void;
}

/** A press counts where it is let go, and choosing what is chosen counts too. */
const LIKE_A_SELECT = { shouldFocusOnHover: true, shouldSelectOnPressUp: true, allowDuplicateSelectionEvents: true };

export function ListWindow({ label, anchor, isOpen, onClose, choices, value, onChange }: ListWindowProps) {
  const choose = (keys: "all" | Iterable<unknown>) => {
    const [next] = keys === "all" ? [] : [...keys];
    if (next !== undefined && next !== value) onChange(String(next));
    onClose();
  };
  return (
    <AriaPopover aria-label={label} className="popover" trigger="Select" triggerRef={anchor} isOpen={isOpen} onOpenChange={(open) => !open && onClose()} placement="bottom start">
      <Options
        aria-label={label}
        choices={choices}
        autoFocus
        selectionMode="single"
        selectedKeys={[value]}
        onSelectionChange={choose}
        disallowEmptySelection
        {...LIKE_A_SELECT}
      />
    </AriaPopover>
  );
}
