-- The keys of access_list_members.
ALTER TABLE access_list_members ADD PRIMARY KEY (entity, from_position);
CREATE INDEX access_list_members_list ON access_list_members (list, to_position);
CREATE INDEX access_list_members_member ON access_list_members (member, to_position);
