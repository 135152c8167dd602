-- durable: which decisions were made, for those who look for them. The topic of decisions fills it, and
-- can fill it again as far back as the topic goes; what is dropped by retention is dropped for ever.
CREATE TABLE fullmakt.decisions (
    -- The time that the answer was made for, by the ledger's clock: of a record that was appended
    -- twice it is the same, so that a copy is no other row.
    evaluated_at timestamptz NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('decision', 'undecided', 'delegation', 'search', 'gap')),
    -- A person, an organisation or a system user.
    subject uuid,
    party uuid,
    resource text,
    outcome text CHECK (outcome IN ('Permit', 'Deny', 'NotApplicable', 'Indeterminate')),
    -- The organisation that owned the resource.
    owner text,
    -- Where the record stands in the topic.
    topic_partition integer NOT NULL,
    topic_number bigint NOT NULL,
    append_time timestamptz NOT NULL,
    -- The record, byte by byte as the topic has it.
    record text NOT NULL,
    PRIMARY KEY (evaluated_at, id)
) PARTITION BY RANGE (evaluated_at);

CREATE INDEX decisions_id ON fullmakt.decisions (id);
CREATE INDEX decisions_subject ON fullmakt.decisions (subject, evaluated_at, id) WHERE subject IS NOT NULL;
CREATE INDEX decisions_party ON fullmakt.decisions (party, evaluated_at, id) WHERE party IS NOT NULL;
CREATE INDEX decisions_resource ON fullmakt.decisions (resource, evaluated_at, id) WHERE resource IS NOT NULL;
CREATE INDEX decisions_owner ON fullmakt.decisions (owner, evaluated_at, id) WHERE owner IS NOT NULL;
CREATE INDEX decisions_outcome ON fullmakt.decisions (outcome, evaluated_at, id) WHERE outcome IS NOT NULL;
-- There are few.
CREATE INDEX decisions_gaps ON fullmakt.decisions (evaluated_at, id) WHERE kind = 'gap';

-- How far each partition of the topic was taken in. It commits with the rows.
CREATE TABLE fullmakt.decision_places (
    -- Which log has the topic: the ledger may move to another, whose topic begins anew.
    log text NOT NULL,
    topic text NOT NULL,
    topic_partition integer NOT NULL,
    next bigint NOT NULL CHECK (next >= 0),
    PRIMARY KEY (log, topic, topic_partition)
);
