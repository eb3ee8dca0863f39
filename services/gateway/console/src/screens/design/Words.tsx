import { Avatar } from "../../ui/Avatar";
import { Badge } from "../../ui/Badge";
import { Breadcrumbs } from "../../ui/Breadcrumbs";
import { Card } from "../../ui/Card";
import { HelpTip } from "../../ui/HelpTip";
import { KeyValue } from "../../ui/KeyValue";
import { Link } from "../../ui/Link";
import { Thumbnail } from "../../ui/Thumbnail";
import { GOODS, NAMES, TONES, WORDS } from "./samples";

const SIZES = ["small", "medium", "large"] as const;
const PEOPLE = [WORDS.person, WORDS.person2, WORDS.person3];

export function Words() {
  return (
    <Card title={NAMES.words}>
      <div className="stack">
        <Breadcrumbs links={[<Link to="/live">{WORDS.first}</Link>, <Link to="/live/past">{WORDS.second}</Link>]} here={WORDS.here} />
        <div className="row">
          {TONES.map((tone) => <Badge key={tone} tone={tone} dot={tone === "live" || tone === "on-air"}>{tone}</Badge>)}
        </div>
        <div className="row">
          {SIZES.map((size) => PEOPLE.map((name) => <Avatar key={size + name} name={name} size={size} />))}
          {SIZES.map((size) => GOODS.map((good) => <Thumbnail key={size + good.id} name={good.title} size={size} />))}
          <Thumbnail name={WORDS.here} src="./icon.svg" size="large" />
        </div>
        <div className="row">
          <span>{WORDS.gmv}<HelpTip label={WORDS.help} text={WORDS.helpText} /></span>
        </div>
        <KeyValue
          items={[
            { name: WORDS.host, value: WORDS.person },
            { name: WORDS.length, value: WORDS.lasted, help: <HelpTip label={WORDS.length} text={WORDS.helpText} /> },
            { name: WORDS.gmv, value: WORDS.none },
          ]}
        />
      </div>
    </Card>
  );
}
