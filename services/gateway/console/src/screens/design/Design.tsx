import { useState } from "react";
import { useTitle } from "../../lib/title";
import { toggleTheme, useTheme } from "../../lib/theme";
import { Badge } from "../../ui/Badge";
import { type Density, useDensity } from "../../ui/density";
import { PageHeader } from "../../ui/PageHeader";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { Actions } from "./Actions";
import { Choices } from "./Choices";
import { Data } from "./Data";
import { Fields } from "./Fields";
import { Over } from "./Over";
import { PAGE } from "./samples";
import { Waiting } from "./Waiting";
import { Words } from "./Words";
import "./design.css";

const DENSITIES = (["comfortable", "compact"] as const).map((id) => ({ id, text: id }));
const THEMES = (["light", "dark"] as const).map((id) => ({ id, text: id }));

/** Every part of `ui/` in its states, for those who build screens. No menu leads here. */
export function Design() {
  useTitle(PAGE.title);
  const theme = useTheme();
  const [density, setDensity] = useDensity();
  const [pressed, setPressed] = useState(0);
  return (
    <main className="design">
      <PageHeader
        title={PAGE.title}
        facts={<Badge>{PAGE.facts}</Badge>}
        actions={
          <>
            <SegmentedControl label={PAGE.theme} value={theme} choices={THEMES} onChange={(next) => next !== theme && toggleTheme()} />
            <SegmentedControl<Density> label={PAGE.density} value={density} choices={DENSITIES} onChange={setDensity} />
          </>
        }
      />
      <div className="design-parts">
        <Actions pressed={pressed} onPress={() => setPressed(pressed + 1)} />
        <Words />
        <Fields />
        <Choices />
        <Data />
        <Waiting />
        <Over />
      </div>
    </main>
  );
}
