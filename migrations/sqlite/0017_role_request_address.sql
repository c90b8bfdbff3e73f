-- Where rights go is part of what two administrators decide on: the address that was shown when a role was asked for, sealed. Null: there
-- was none, or the request is older than this column; then it has to be made anew.
alter table role_request add column address text;
