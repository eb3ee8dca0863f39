import {
  Button,
  Checkbox as AriaCheckbox,
  type CheckboxProps,
  Header,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  SearchField as AriaSearch,
  Select as AriaSelect,
  SelectValue,
  Text,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps,
} from "react-aria-components";
import { t, type Key } from "../i18n";
import { cut, length, problemOf, type TextRule } from "../lib/text";

interface FieldProps extends TextFieldProps {
  label: string;
  lines?: number;
  /** What may be written, below the field. */
  hint?: string;
  placeholder?: string;
  hideLabel?: boolean;
  /** What the services take: counted near its end, told when it is passed. */
  rule?: TextRule;
}

const NEAR = 0.8; // share of a limit from which on the characters are counted

export function TextField({ label, lines, hint, placeholder, hideLabel = false, rule, ...rest }: FieldProps) {
  const value = rest.value ?? "";
  const problem = rule ? problemOf(value, rule) : null;
  const counted = rule !== undefined && value.length > NEAR * rule.maximum ? length(value) : 0;
  return (
    <AriaTextField {...rest} className="field" isInvalid={problem !== null} validationBehavior="aria">
      <Label className={hideLabel ? "visually-hidden" : "label"}>{label}</Label>
      {lines ? (
        <TextArea className="input" rows={lines} placeholder={placeholder} />
      ) : (
        <Input className="input" placeholder={placeholder} />
      )}
      {hint && <Text slot="description" className="muted small">{hint}</Text>}
      {rule && problem === null && counted > NEAR * rule.maximum && (
        <Text slot="description" className="muted small">{t("text.count", { n: counted, most: rule.maximum })}</Text>
      )}
      {rule && problem !== null && (
        <Text slot="errorMessage" className="form-problem small">
          {t(`text.${problem}` as Key, { n: counted, most: rule.maximum })}
        </Text>
      )}
    </AriaTextField>
  );
}

interface SearchProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export function SearchField({ label, value, onChange }: SearchProps) {
  return (
    <AriaSearch className="field search" aria-label={label} value={value} onChange={(text) => onChange(cut(text, 100))}>
      <Input className="input" placeholder={label} />
    </AriaSearch>
  );
}

export interface Choice<T extends string> {
  id: T;
  text: string;
  /** Choices of one group stand together under its name. */
  group?: string;
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  hideLabel?: boolean;
}

export function Select<T extends string>({ label, value, choices, onChange, hideLabel = false }: SelectProps<T>) {
  return (
    <AriaSelect
      className="field"
      aria-label={hideLabel ? label : undefined}
      value={value}
      onChange={(key) => key !== null && onChange(key as T)}
    >
      {!hideLabel && <Label className="label">{label}</Label>}
      <Button className="input select-button">
        <SelectValue />
        <span aria-hidden="true" className="chevron" />
      </Button>
      <Popover className="popover">
        <ListBox className="listbox">
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
      </Popover>
    </AriaSelect>
  );
}

const option = (choice: Choice<string>) => (
  <ListBoxItem key={choice.id} id={choice.id} textValue={choice.text} className="option">
    {choice.text}
  </ListBoxItem>
);

/** The choices by group, in the order in which the groups first appear. */
function grouped(choices: readonly Choice<string>[]): [string, Choice<string>[]][] {
  const groups = new Map<string, Choice<string>[]>();
  for (const choice of choices) {
    const group = choice.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), choice]);
  }
  return [...groups];
}

export function Checkbox({ children, ...rest }: Omit<CheckboxProps, "children"> & { children?: React.ReactNode }) {
  return (
    <AriaCheckbox {...rest} className="checkbox">
      <span className="checkbox-box" aria-hidden="true" />
      {children}
    </AriaCheckbox>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
}

/** A few choices side by side, of which one holds. */
export function Segments<T extends string>({ label, value, choices, onChange }: SegmentsProps<T>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {choices.map((choice) => (
        <Button
          key={choice.id}
          className="segment"
          aria-pressed={choice.id === value}
          onPress={() => onChange(choice.id)}
        >
          {choice.text}
        </Button>
      ))}
    </div>
  );
}
