extension MiniflareStateWriter {
    /// Miniflare's tables of a bucket (src/workers/r2/schemas.worker.ts).
    static let bucketSchema = """
        CREATE TABLE IF NOT EXISTS _mf_objects (
            key TEXT PRIMARY KEY, blob_id TEXT, version TEXT NOT NULL, size INTEGER NOT NULL,
            etag TEXT NOT NULL, uploaded INTEGER NOT NULL, checksums TEXT NOT NULL,
            http_metadata TEXT NOT NULL, custom_metadata TEXT NOT NULL );
        CREATE TABLE IF NOT EXISTS _mf_multipart_uploads (
            upload_id TEXT PRIMARY KEY, key TEXT NOT NULL, http_metadata TEXT NOT NULL,
            custom_metadata TEXT NOT NULL, state TINYINT DEFAULT 0 NOT NULL );
        CREATE TABLE IF NOT EXISTS _mf_multipart_parts (
            upload_id TEXT NOT NULL REFERENCES _mf_multipart_uploads(upload_id), part_number INTEGER NOT NULL,
            blob_id TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, checksum_md5 TEXT NOT NULL,
            object_key TEXT REFERENCES _mf_objects(key) DEFERRABLE INITIALLY DEFERRED,
            PRIMARY KEY (upload_id, part_number) );
        """

    /// What workerd keeps in every database beside the user's tables.
    static let databaseSchema = """
        CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB);
        """
}
