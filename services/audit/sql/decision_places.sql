-- How far the partitions of the topic were taken in. $1 log, $2 topic.
SELECT topic_partition
    , next
FROM fullmakt.decision_places
WHERE log = $1 AND topic = $2
ORDER BY topic_partition
