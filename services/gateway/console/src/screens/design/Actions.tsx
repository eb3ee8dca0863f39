import Pin from "lucide-react/icons/pin";
import Plus from "lucide-react/icons/plus";
import Trash from "lucide-react/icons/trash-2";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { IconButton } from "../../ui/IconButton";
import { Kbd } from "../../ui/Kbd";
import { ExternalLink, Link } from "../../ui/Link";
import { NAMES, WORDS } from "./samples";

const SLOW_MS = 1500;

export function Actions({ pressed, onPress }: { pressed: number; onPress: () => void }) {
  return (
    <Card title={NAMES.actions}>
      <div className="stack">
        <div className="row">
          <Button kind="primary" icon={<Plus aria-hidden />}>{WORDS.save}</Button>
          <Button onPress={onPress}>{WORDS.pay}</Button>
          <output className="muted small">{WORDS.pressed} {pressed}</output>
          <Button repeats onPress={onPress}>{WORDS.again}</Button>
          <Button kind="quiet">{WORDS.quiet}</Button>
          <Button kind="danger" icon={<Trash aria-hidden />}>{WORDS.remove}</Button>
        </div>
        <div className="row">
          <Button kind="primary" small>{WORDS.small}</Button>
          <Button small>{WORDS.small}</Button>
          <Button kind="quiet" small>{WORDS.small}</Button>
          <Button kind="danger" small>{WORDS.small}</Button>
          <Button isDisabled>{WORDS.off}</Button>
          <Button kind="primary" isPending>{WORDS.busy}</Button>
          <Button onPress={() => new Promise((done) => setTimeout(done, SLOW_MS))}>{WORDS.slow}</Button>
        </div>
        <div className="row">
          <IconButton label={WORDS.pin} keys={WORDS.key} icon={<Pin aria-hidden />} />
          <IconButton label={WORDS.pin} kind="secondary" small icon={<Pin aria-hidden />} />
          <IconButton label={WORDS.add} kind="primary" icon={<Plus aria-hidden />} />
          <Kbd>{WORDS.key}</Kbd>
          <Link to="/live">{WORDS.link}</Link>
          <Link to="/live" look="row">{WORDS.here}</Link>
          <Link to="/live" look="quiet">{WORDS.second}</Link>
          <Link to="/live" look="button">{WORDS.link}</Link>
          <Link to="/live" look="button-primary" small>{WORDS.link}</Link>
          <ExternalLink href="https://example.com">{WORDS.out}</ExternalLink>
        </div>
      </div>
    </Card>
  );
}
