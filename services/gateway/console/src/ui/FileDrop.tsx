import Upload from "lucide-react/icons/upload";
import { DropZone, FileTrigger, isFileDropItem, Text } from "react-aria-components";
import { t } from "../i18n";
import { Button } from "./Button";
import "./Field.css";
import "./FileDrop.css";

interface Props {
  /** What belongs here. */
  label: string;
  /** Kinds and sizes that are taken. */
  hint?: string;
  /** Mime types or endings, such as "image/png" or ".csv". */
  accept: readonly string[];
  multiple?: boolean;
  problem?: string;
  onFiles: (files: File[]) => void;
}

/** Files are dropped here, pasted, or chosen with the button. */
export function FileDrop({ label, hint, accept, multiple = false, problem, onFiles }: Props) {
  const give = (files: File[]) => files.length > 0 && onFiles(multiple ? files : files.slice(0, 1));
  return (
    <div className="field">
      <DropZone
        className="file-drop"
        data-invalid={problem === undefined ? undefined : true}
        onDrop={async ({ items }) => give(await Promise.all(items.filter(isFileDropItem).map((item) => item.getFile())))}
      >
        <Upload size={22} aria-hidden />
        <Text slot="label" className="file-drop-label">{label}</Text>
        <FileTrigger acceptedFileTypes={accept} allowsMultiple={multiple} onSelect={(files) => give([...(files ?? [])])}>
          <Button small>{t(multiple ? "ui.choose-files" : "ui.choose-file")}</Button>
        </FileTrigger>
        {hint && <span className="field-hint">{hint}</span>}
      </DropZone>
      {problem && <span role="alert" className="field-problem">{problem}</span>}
    </div>
  );
}
