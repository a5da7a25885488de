import type { SettingsDraft } from '../../model/integration.ts';
import { integrations as words } from '../../text.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { TextField } from '../ui/text-field.tsx';

interface Props {
  settings: SettingsDraft;
  /** Names of the fields whose content cannot be. */
  wrong: readonly string[];
  onChange: (settings: SettingsDraft) => void;
}

export function SettingFields({ settings, wrong, onChange }: Props) {
  const { settings: say } = words;
  if (settings.kind === 'clarity') {
    return (
      <>
        <TextField
          label={say.project_id}
          value={settings.project_id}
          help={say.projectHelp}
          wrong={wrong.includes('project_id') ? say.projectWrong : undefined}
          mono
          onChange={(value) => onChange({ ...settings, project_id: value })}
        />
        <Checkbox label={say.tag} checked={settings.tag} onChange={(tag) => onChange({ ...settings, tag })} />
        <Checkbox
          label={say.export}
          help={say.exportNeeds}
          checked={settings.export}
          onChange={(on) => onChange({ ...settings, export: on })}
        />
      </>
    );
  }
  return (
    <>
      <TextField
        label={say.measurement_id}
        value={settings.measurement_id}
        placeholder="G-"
        help={say.measurementHelp}
        wrong={wrong.includes('measurement_id') ? say.measurementWrong : undefined}
        mono
        onChange={(value) => onChange({ ...settings, measurement_id: value })}
      />
      <Checkbox label={say.tag} checked={settings.tag} onChange={(tag) => onChange({ ...settings, tag })} />
      <Checkbox
        label={say.measurement}
        help={say.measurementNeeds}
        checked={settings.measurement}
        onChange={(measurement) => onChange({ ...settings, measurement })}
      />
      <TextField
        label={say.property_id}
        value={settings.property_id}
        help={say.propertyHelp}
        wrong={wrong.includes('property_id') ? say.propertyWrong : undefined}
        mono
        onChange={(value) => onChange({ ...settings, property_id: value })}
      />
    </>
  );
}
