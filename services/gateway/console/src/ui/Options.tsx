import Check from "lucide-react/icons/check";
import { Header, ListBox, ListBoxItem, type ListBoxProps, ListBoxSection } from "react-aria-components";
import { type Choice, grouped } from "./Choice";
import "./Options.css";

/** The list of a Select or ComboBox. */
export function Options({ choices, empty, ...list }: { choices: readonly Choice[]; empty?: string } & ListBoxProps<object>) {
  return (
    <ListBox {...list} className="listbox" renderEmptyState={empty ? () => <p className="listbox-empty">{empty}</p> : undefined}>
      {grouped(choices).map(([group, members]) =>
        group ? (
          <ListBoxSection key={group} id={group}>
            <Header className="option-group">{group}</Header>
            {members.map(option)}
          </ListBoxSection>
        ) : (
          members.map(option)
        ),
      )}
    </ListBox>
  );
}

const option = (choice: Choice) => (
  <ListBoxItem key={choice.id} id={choice.id} textValue={choice.text} isDisabled={choice.isDisabled} className="option">
    <span className="option-text">
      {choice.text}
      {choice.hint && <span className="muted small">{choice.hint}</span>}
    </span>
    <Check className="option-check" size={15} aria-hidden />
  </ListBoxItem>
);
