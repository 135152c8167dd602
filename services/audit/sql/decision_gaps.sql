-- Records of gaps, newest first. $1 and $2 first and last time, $3 rows.
SELECT record
FROM fullmakt.decisions
WHERE kind = 'gap' AND evaluated_at >= $1 AND evaluated_at <= $2
ORDER BY evaluated_at DESC, id DESC
LIMIT $3
