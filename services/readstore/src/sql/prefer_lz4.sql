-- Compresses what this session writes by LZ4 where the server can, which takes a fraction of the
-- time that its own method takes.
SELECT set_config('default_toast_compression', 'lz4', false)
FROM pg_settings
WHERE name = 'default_toast_compression'
    AND 'lz4' = ANY(enumvals)
