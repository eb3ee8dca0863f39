import { useEffect, useRef, useState } from "react";
import { Problem } from "../../api/client";
import { pictureOf, products } from "../../api/products";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { FileDrop } from "../../ui/FileDrop";
import { problemText } from "../../ui/Notes";
import { ProgressBar } from "../../ui/ProgressBar";
import { Thumbnail } from "../../ui/Thumbnail";

const KINDS = ["image/png", "image/jpeg", "image/webp"] as const;
const MOST_BYTES = 10 * 1024 * 1024;
const WHOLE = 100;

interface Props {
  shop: string;
  title: string;
  imageId: string;
  onChange: (imageId: string) => void;
  /** While a picture is on its way, the form waits. */
  onBusy: (busy: boolean) => void;
}

/** As a data address: the page loads pictures from itself alone. */
const preview = (file: File) =>
  new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsDataURL(file);
  });

/** Shows the picture at once, sends it meanwhile, and tells how far it is. */
export function PictureField({ shop, title, imageId, onChange, onBusy }: Props) {
  const [share, setShare] = useState<number | null>(null);
  const [shown, setShown] = useState("");
  const [problem, setProblem] = useState<string>();
  const cancel = useRef<() => void>(undefined);
  useEffect(() => () => cancel.current?.(), []);

  const send = async ([file]: File[]) => {
    if (!file) return;
    if (!KINDS.some((kind) => kind === file.type)) return setProblem(t("products.picture-kind"));
    if (file.size > MOST_BYTES) return setProblem(t("products.picture-large"));
    setProblem(undefined);
    setShare(0);
    onBusy(true);
    const sending = products.uploadImage(shop, file, setShare);
    cancel.current = sending.cancel;
    setShown(await preview(file));
    try {
      onChange((await sending.done).image_id);
    } catch (error) {
      setShown("");
      if (!(error instanceof Problem && error.code === "ABORTED")) setProblem(problemText(error));
    }
    setShare(null);
    onBusy(false);
  };

  const source = shown || pictureOf({ image_id: imageId }, 480);
  if (!source) {
    return (
      <FileDrop
        label={t("products.picture-drop")}
        hint={t("products.picture-hint")}
        accept={KINDS}
        problem={problem}
        onFiles={(files) => void send(files)}
      />
    );
  }
  return (
    <div className="picture">
      <Thumbnail name={title} src={source} size="large" />
      {share !== null ? (
        <div className="picture-side">
          <ProgressBar label={t("products.picture-sending")} value={share < 1 ? share * WHOLE : undefined} />
          <Button small kind="quiet" onPress={() => cancel.current?.()}>{t("action.cancel")}</Button>
        </div>
      ) : (
        <Button
          small
          onPress={() => {
            setShown("");
            onChange("");
          }}
        >
          {t("action.remove")}
        </Button>
      )}
    </div>
  );
}
