-- The keys of system_user_requests.
ALTER TABLE system_user_requests ADD PRIMARY KEY (entity, from_position);
-- No index has the external reference: it may be longer than an index entry can be.
CREATE INDEX system_user_requests_agreement
    ON system_user_requests (system, customer, to_position);
CREATE INDEX system_user_requests_system
    ON system_user_requests (system, kind, created_position, created_index);
CREATE INDEX system_user_requests_pending
    ON system_user_requests (customer, kind, to_position) WHERE status = 'new';
