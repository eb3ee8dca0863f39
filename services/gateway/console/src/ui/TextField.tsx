import type { ReactNode } from "react";
import { Input, TextField as AriaTextField, type TextFieldProps } from "react-aria-components";
import { t, type Key } from "../i18n";
import { length, problemOf, type TextRule } from "../lib/text";
import { FieldFrame, type FieldWords } from "./Field";

const NEAR = 0.8; // share of a limit from which on the characters are counted

interface Props extends Omit<TextFieldProps, "children" | "className">, FieldWords {
  placeholder?: string;
  /** What the services take: counted near its end, told when it is passed. */
  rule?: TextRule;
}

export function TextField({ placeholder, ...rest }: Props) {
  return (
    <RuledField {...rest}>
      <Input className="input" placeholder={placeholder} />
    </RuledField>
  );
}

/** A field for text around its control: one line or many. */
export function RuledField({ label, hideLabel, hint, problem, rule, children, ...rest }: Omit<Props, "placeholder"> & { children: ReactNode }) {
  const value = rest.value ?? "";
  const broken = rule ? problemOf(value, rule) : null;
  const counted = rule !== undefined && value.length > NEAR * rule.maximum ? length(value) : 0;
  const most = rule?.maximum ?? 0;
  const told = problem ?? (broken === null ? undefined : t(`text.${broken}` as Key, { n: counted, most }));
  const near = rule && counted > NEAR * most ? t("text.count", { n: counted, most }) : undefined;
  return (
    <AriaTextField {...rest} className="field" isInvalid={told !== undefined} validationBehavior="aria">
      <FieldFrame label={label} hideLabel={hideLabel} problem={told} hint={near ?? hint}>
        {children}
      </FieldFrame>
    </AriaTextField>
  );
}
