import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import "./Menu.css";
import "./Options.css";

export interface MenuAction {
  id: string;
  text: string;
  icon?: ReactNode;
  keys?: string;
  /** It takes something away. */
  danger?: boolean;
  isDisabled?: boolean;
  /** A line above sets it apart from what stands before. */
  apart?: boolean;
  onAction: () => void;
}

interface Props {
  label: string;
  /** The button that opens it. */
  trigger: ReactNode;
  actions: readonly MenuAction[];
}

export function Menu({ label, trigger, actions }: Props) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover" placement="bottom end">
        <AriaMenu aria-label={label} className="listbox">
          {actions.flatMap(({ id, text, icon, keys, danger, apart, ...rest }) => [
            ...(apart ? [<Separator key={`${id}-apart`} className="menu-line" />] : []),
            <MenuItem key={id} id={id} textValue={text} className={danger ? "option menu-item menu-danger" : "option menu-item"} {...rest}>
              {icon}
              <span className="option-text">{text}</span>
              {keys && <kbd className="kbd">{keys}</kbd>}
            </MenuItem>,
          ])}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
