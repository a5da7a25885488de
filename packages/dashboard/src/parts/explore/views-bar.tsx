import type { SavedView } from '@vedette/contract';
import { useState } from 'react';
import { useChangeView, useDeleteView, useSavedViews, useSaveView } from '../../api/views.ts';
import { sameQuery, savedQuery } from '../../model/explore.ts';
import { pathOf, withParameters } from '../../model/place.ts';
import { useLinkCopy } from '../../state/absolute-link.ts';
import { goTo, useScreenSearch, useSearch } from '../../state/location.ts';
import { useSameFilters } from '../../state/other-screen.ts';
import { showToast } from '../../state/toasts.ts';
import { useView } from '../../state/view-context.ts';
import { live, explore as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Link } from '../link.tsx';
import { NameDialog } from '../name-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { LongList } from '../ui/long-list.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { Popover } from '../ui/popover.tsx';
import { SaveDialog } from './save-dialog.tsx';

const LONGEST_NAME = 80;

/** The views that are saved, which of them is open and whether it was changed since, and a link to what is shown. */
export function ViewsBar() {
  const { view } = useScreenSearch('explore');
  const { may } = useView();
  const sameFilters = useSameFilters();
  const views = useSavedViews();
  const [saving, setSaving] = useState(false);
  const copyLink = useLinkCopy();
  const open = views.data?.find(({ id }) => id === view);
  return (
    <div className="views-bar">
      <h1>{words.title}</h1>
      {open !== undefined && <OpenView view={open} onSaveAs={() => setSaving(true)} />}
      <Popover
        className="button"
        align="end"
        label={words.views.label}
        button={
          <>
            <Icon name="down" />
            <span>{words.views.button}</span>
          </>
        }
      >
        {(close) => <ViewList views={views.data ?? []} open={view} onFollow={close} />}
      </Popover>
      {open === undefined && <Button onClick={() => setSaving(true)}>{words.views.save}</Button>}
      {may('export') && (
        <Link className="button" to={sameFilters('live')} title={live.watchHelp}>
          <Icon name="eye" />
          <span>{live.watch}</span>
        </Link>
      )}
      <Button icon="copy" title={words.link.help} onClick={() => void copyLink()}>
        {words.link.copy}
      </Button>
      {saving && <SaveDialog onClose={() => setSaving(false)} />}
    </div>
  );
}

interface ListProps {
  views: readonly SavedView[];
  /** Id of the one that is open. */
  open: string;
  onFollow: () => void;
}

function ViewList({ views, open, onFollow }: ListProps) {
  const [space, setSpace] = useState<HTMLElement | null>(null);
  if (views.length === 0) return <p className="muted views-none">{words.views.none}</p>;
  const groups = [
    { title: words.views.mine, of: views.filter(({ mine }) => mine) },
    { title: words.views.shared, of: views.filter(({ mine }) => !mine) },
  ];
  return (
    <div className="views-list" ref={setSpace}>
      {groups
        .filter(({ of }) => of.length > 0)
        .map(({ title, of }) => (
          <section key={title}>
            <h3>{title}</h3>
            <LongList label={title} rows={of} rowKey={({ id }) => id} space={space}>
              {(view) => <ViewLink view={view} open={view.id === open} onFollow={onFollow} />}
            </LongList>
          </section>
        ))}
    </div>
  );
}

/** The address of a view in the tenant of the screen. */
function useAddressOf(): (view: Pick<SavedView, 'id' | 'query'>) => string {
  const { tenant } = useView();
  return ({ id, query }) => pathOf('explore') + withParameters(query, { tenant: tenant.slug, view: id });
}

function ViewLink({ view, open, onFollow }: { view: SavedView; open: boolean; onFollow: () => void }) {
  const addressOf = useAddressOf();
  return (
    <Link to={addressOf(view)} className="views-link" current={open ? 'true' : undefined} onFollow={onFollow}>
      <span>{view.name}</span>
      {!view.mine && view.owner !== null && <small className="muted">{words.views.by(view.owner)}</small>}
      {view.mine && view.shared && <small className="muted">{words.views.sharedMine}</small>}
    </Link>
  );
}

/** Which view is open, whether what is shown is what was saved, and what can be done with it. */
function OpenView({ view, onSaveAs }: { view: SavedView; onSaveAs: () => void }) {
  const { may } = useView();
  const search = useSearch();
  const addressOf = useAddressOf();
  const change = useChangeView();
  const save = useSaveView();
  const remove = useDeleteView();
  const [renaming, setRenaming] = useState(false);
  const changed = !sameQuery(search, view.query);
  const tell = (message: string, undo?: () => unknown) => showToast(message, { undo: undo ?? null });
  const set = (part: { query?: string; shared?: boolean; name?: string }, said: string) =>
    change.mutate(
      { id: view.id, ...part },
      {
        onSuccess: () => tell(said, () => change.mutateAsync({ id: view.id, ...formerOf(view, part) })),
        onError: (error) => showToast(error.message, { tone: 'bad' }),
      },
    );
  const remake = async () => {
    const { name, screen, query, shared } = view;
    const made = await save.mutateAsync({ name, screen, query, shared });
    goTo(addressOf(made));
  };
  const destroy = () =>
    remove.mutate(view.id, {
      onSuccess: () => {
        goTo(pathOf('explore') + withParameters(search, { view: null }), { replace: true });
        tell(words.views.deleted(view.name), remake);
      },
      onError: (error) => showToast(error.message, { tone: 'bad' }),
    });
  // What others share may be changed by whoever may share.
  const own = view.mine || may('views');
  return (
    <div className="open-view">
      <strong>{words.views.open(view.name)}</strong>
      {!view.mine && view.owner !== null && <span className="muted">{words.views.sharedBy(view.owner)}</span>}
      {view.mine && view.shared && <span className="muted">{words.views.sharedMine}</span>}
      {changed && (
        <span className="open-view-changed" role="status">
          {words.views.changed}
        </span>
      )}
      <Menu className="icon-button small" label={words.views.menu(view.name)} button={<Icon name="more" />} align="end">
        {changed && <MenuItem onSelect={() => goTo(addressOf(view))}>{words.views.back}</MenuItem>}
        {own && changed && (
          <MenuItem onSelect={() => set({ query: savedQuery(search) }, words.views.updated)}>
            {words.views.saveChanges}
          </MenuItem>
        )}
        <MenuItem onSelect={onSaveAs}>{words.views.saveAs}</MenuItem>
        {own && <MenuItem onSelect={() => setRenaming(true)}>{words.views.rename}</MenuItem>}
        {view.mine && may('views') && (
          <MenuItem
            onSelect={() => set({ shared: !view.shared }, view.shared ? words.views.notShared : words.views.nowShared)}
          >
            {view.shared ? words.views.unshare : words.views.shareNow}
          </MenuItem>
        )}
        {own && (
          <>
            <MenuLine />
            <MenuItem danger onSelect={destroy}>
              {words.views.delete}
            </MenuItem>
          </>
        )}
      </Menu>
      {renaming && (
        <NameDialog
          title={words.views.renameTitle(view.name)}
          label={words.views.name}
          name={view.name}
          wrong={words.views.nameWrong}
          action={words.views.rename}
          maxLength={LONGEST_NAME}
          busy={change.isPending}
          error={change.error}
          onName={(name) =>
            change.mutate(
              { id: view.id, name },
              {
                onSuccess: () => {
                  setRenaming(false);
                  tell(words.views.renamed, () => change.mutateAsync({ id: view.id, name: view.name }));
                },
              },
            )
          }
          onClose={() => {
            change.reset();
            setRenaming(false);
          }}
        />
      )}
    </div>
  );
}

/** What a change replaced. */
function formerOf(view: SavedView, part: { query?: string; shared?: boolean }) {
  return {
    ...(part.query !== undefined && { query: view.query }),
    ...(part.shared !== undefined && { shared: view.shared }),
  };
}
