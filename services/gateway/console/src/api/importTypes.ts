// What the API tells of files that are imported.

export type ImportState = "checking" | "ready" | "refused" | "applying" | "applied" | "discarded" | "failed" | "unspecified";

export interface ImportProblem {
  line: number;
  column?: string;
  value?: string;
  problem: string;
  mend?: string;
}

/** A file and what is known of it. */
export interface Import {
  import_id: string;
  shop_id: string;
  kind: string;
  file_name: string;
  state: ImportState;
  rows?: number;
  created?: number;
  unchanged?: number;
  changed?: number;
  problems?: number;
  warnings?: ImportProblem[];
  create_time: string;
  expire_time?: string | null;
  position?: number;
  detail?: string;
  /** Which system a file of products comes from. */
  format?: string;
  columns?: ImportColumn[];
  missing_fields?: string[];
}

/** A column of a file: the field that it fills, or why it is left out. */
export interface ImportColumn {
  column: string;
  field?: string;
  sample?: string;
  left_out?: string;
}

export interface ImportedValue {
  name: string;
  before?: string;
  after?: string;
}

export interface ImportChange {
  line: number;
  reference: string;
  values?: ImportedValue[];
  variants?: ImportedVariant[];
}

export interface ImportedVariant {
  reference: string;
  name: string;
  change: string;
  values?: ImportedValue[];
}
