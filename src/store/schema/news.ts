/** What changed, written by triggers, for the other windows. */
export const NEWS = `
  create table news (
    rev integer primary key,
    kind text not null,
    id any not null
  ) strict;
  create trigger failure_added after insert on failures
    begin insert into news (kind, id) values ('failure added', new.id); end;
  create trigger failure_changed after update on failures
    begin insert into news (kind, id) values ('failure changed', new.id); end;
  create trigger tick_added after insert on ticks
    begin insert into news (kind, id) values ('tick', new.id); end;
  create trigger tick_changed after update on ticks
    begin insert into news (kind, id) values ('tick', new.id); end;
  create trigger delivery_added after insert on outbox
    begin insert into news (kind, id) values ('delivery', new.id); end;
  create trigger delivery_changed after update of state, not_before, reason, target_key, confirmation on outbox
    begin insert into news (kind, id) values ('delivery', new.id); end;
  create trigger hold_added after insert on holds
    begin insert into news (kind, id) values ('hold', new.target_key); end;
  create trigger hold_changed after update on holds
    begin insert into news (kind, id) values ('hold', new.target_key); end;
  create trigger hold_ended after delete on holds
    begin insert into news (kind, id) values ('hold', old.target_key); end;
`;
