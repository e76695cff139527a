/// The table: what the parts of a name say of its value.
enum SecretWords {
    /// Secret wherever they stand in a name, unless its last part says that only something about the secret follows.
    static let anywhere: Set<String> = [
        "password", "passwords", "passwd", "passwort", "passphrase", "passphrases", "passcode", "passcodes", "pwd",
        "secret", "secrets", "token", "tokens", "jwt", "jwts", "jws", "jwe", "bearer", "credential", "credentials",
        "cred",
        "creds", "authorization", "apikey", "apikeys", "otp", "totp", "hotp", "cvv", "cvc", "cvn", "ssn", "mnemonic",
        "mnemonics", "privkey", "dpop", "signature", "signatures", "csrf", "xsrf", "phpsessid", "jsessionid", "sessid",
        "aspsessionid", "psk", "密码", "口令", "令牌", "密钥", "パスワード", "пароль", "contraseña",
    ]
    /// Secret only as the last part: `db_pass`, not `pass_rate`.
    static let last: Set<String> = [
        "auth", "authentication", "oauth", "pass", "pin", "pw", "psw", "sig", "hmac", "cookie", "cookies", "assertion",
        "assertions", "verifier", "sas", "csc", "passkey",
    ]
    /// Several parts that are secret together, joined.
    static let together: Set<String> = [
        "secretid", "seedphrase", "recoveryphrase", "backupphrase", "mnemonicphrase", "seedwords", "samlresponse",
        "samlrequest", "cardnumber", "ccnumber", "cardno", "ccnum", "cardnum", "creditcard", "debitcard",
        "passportnumber",
        "socialsecurity", "socialsecuritynumber", "devicecode", "usercode", "pinblock",
    ]
    /// A `code` behind one of these is secret.
    static let codeOf: Set<String> = [
        "otp", "totp", "mfa", "2fa", "tfa", "fa", "auth", "authorization", "verification", "verify", "security",
        "access", "sms",
        "backup", "recovery", "pin", "pass", "login", "onetime", "time", "confirmation", "activation", "authenticator",
        "secret", "sudo", "unlock", "reset",
    ]
    /// A `key` behind one of these is secret.
    static let keyOf: Set<String> = [
        "api", "access", "private", "priv", "secret", "auth", "authentication", "authorization", "encryption",
        "encrypt",
        "encrypted", "decryption", "decrypt", "signing", "sign", "signature", "master", "account", "shared", "session",
        "service", "functions", "function", "subscription", "license", "licence", "app", "application", "admin", "root",
        "host", "deploy", "deployment", "ssh", "gpg", "pgp", "rsa", "dsa", "ecdsa", "ed25519", "aes", "des", "hmac",
        "crypto",
        "jwt", "jwk", "jws", "webhook", "write", "consumer", "client", "security", "symmetric", "wrapping", "tls",
        "ssl",
        "bot", "maps", "google", "aws", "azure", "stripe", "openai", "anthropic", "sendgrid", "twilio", "cf",
        "cloudflare",
        "global", "integration", "server", "cookie", "stream", "wallet", "ca", "cert",
        "certificate", "vault", "backup", "recovery", "otp", "totp", "mfa", "pre", "preshared", "provisioning",
        "activation", "password", "token", "rest", "github", "gitlab", "mailgun", "sentry",
        "datadog", "newrelic", "developer", "partner", "sdk", "ingest",
        "ingestion", "publish", "publisher", "management", "manage", "readonly", "full", "live", "prod", "production",
        "sandbox", "staging", "x", "vapid", "gateway", "proxy", "kms", "sharedaccess",
    ]
    /// A `key` behind one of these names something: its value stays, whatever it looks like.
    static let plainKeyOf: Set<String> = [
        "public", "pub", "primary", "foreign", "partition", "sort", "cache", "object", "idempotency", "row", "index",
        "range",
        "lookup", "group", "grouping", "routing", "dedup", "deduplication", "translation", "i18n", "map", "press",
        "hot",
        "shortcut", "arrow", "socket", "websocket", "r2", "kv", "s3", "json", "dict", "sub", "composite", "unique",
        "natural", "surrogate", "record", "item", "message", "shard", "hash", "order", "category", "feature", "flag",
        "locale", "language", "config", "setting", "answer", "metadata", "header", "parent", "child", "next", "last",
        "first",
        "start", "end", "from", "to", "min", "max", "prefix",
    ]
    /// An `id` behind one of these stands for a session.
    static let idOf: Set<String> = ["session", "sess"]
    /// One-time grants (RFC 6749 section 4.1.2) and sessions: always secret in a query, elsewhere only when they look it.
    static let grants: Set<String> = ["code", "session", "sid"]
    /// Secret only when the value looks like a credential.
    static let weak: Set<String> = [
        "key", "keys", "ticket", "salt", "seed", "invite", "invitation", "license", "licence", "magic", "reset",
        "verify",
        "verification", "confirm", "confirmation", "activate", "activation", "otc", "certificate", "cert", "pem",
        "phrase", "access", "passport", "login", "unlock", "webhook", "hook",
    ]
    /// As a last part: what follows is about the secret, not the secret.
    static let about: Set<String> = [
        "type", "types", "name", "names", "id", "ids", "count", "counts", "length", "len", "size", "sizes", "url",
        "urls", "uri",
        "uris", "endpoint", "endpoints", "expires", "expire", "expiry", "expiration", "expired", "exp", "ttl", "at",
        "in", "on",
        "time", "times", "timestamp", "timeout", "date", "created", "updated", "issued", "used", "usage", "limit",
        "limits", "max", "min",
        "policy", "policies", "method", "methods", "mode", "version", "versions", "status", "enabled", "disabled",
        "required",
        "optional", "valid", "invalid", "validity", "verified", "exists", "present", "missing", "algorithm", "alg",
        "issuer",
        "audience", "scope", "scopes", "provider", "providers", "strength", "rule", "rules", "label", "description",
        "placeholder", "field", "fields", "column", "columns", "page", "path", "file", "filename", "prefix", "index",
        "format", "encoding",
        "attempts", "failures", "errors", "error", "retries", "rotation", "changed", "reset", "manager", "store",
        "service",
        "server", "host", "port", "consent", "domain", "samesite", "days", "hours", "minutes", "seconds", "ms", "age",
        "supported", "allowed", "budget", "bucket", "price", "cost", "rate", "level", "score", "kind", "class", "owner",
        "user",
        "username", "email", "link", "help", "message", "title", "button", "screen", "view", "form", "model",
        "parser", "reader", "handler", "validator", "generator", "factory", "options", "config", "settings", "schema",
        "table", "ring", "santa", "storage", "detection", "scanning", "consumed", "remaining", "left", "total", "quota",
    ]
    /// As a last part: they say nothing, the part before them counts.
    static let neutral: Set<String> = [
        "value", "values", "val", "hash", "hashed", "raw", "plain", "plaintext", "clear", "cleartext", "string", "str",
        "b64", "base64",
        "hex", "enc", "encrypted", "encoded", "text", "new", "old", "current", "confirm", "confirmation", "confirmed",
        "again",
        "repeat", "repeated", "header", "param", "parameter", "data", "input", "prod", "production", "dev",
        "development",
        "test", "staging", "live", "primary", "secondary", "backup", "default", "v", "s",
    ]
    /// Together with these a number behind `tokens` and its like is a count.
    static let plurals: Set<String> = [
        "passwords", "secrets", "tokens", "jwts", "credentials", "creds", "apikeys", "signatures", "cookies", "keys",
        "passphrases", "passcodes", "assertions", "mnemonics",
    ]
    /// True for a secret word that is no plural.
    static func singular(_ word: String) -> Bool { self.anywhere.contains(word) && !self.plurals.contains(word) }

    /// Before a secret word: a number is a measure of it.
    static let measures: Set<String> = [
        "max", "min", "num", "total", "count", "n", "limit", "avg", "prompt", "completion",
    ]
    /// What glued names are made of beside secret words: `accesstoken`, `userpwd`.
    static let glue: Set<String> = [
        "access", "auth", "oauth", "api", "client", "user", "usr", "my", "db", "database", "app", "id", "session",
        "refresh", "new",
        "old", "current", "confirm", "web", "hook", "webhook", "login", "admin", "root", "master", "private", "shared",
        "account", "encryption", "signing", "service", "aws", "bot", "reset", "device", "push", "key", "keys", "pass",
        "pin",
        "code", "hash", "value", "phrase", "seed", "card", "security", "base", "mail", "email", "smtp", "ftp", "ssh",
        "ldap", "wifi",
        "sql", "mysql", "postgres", "pg", "redis", "mongo", "server", "host", "site", "the", "super", "azure", "google",
        "github",
        "storage", "function", "functions", "subscription", "deploy", "cookie", "sig", "sess", "temp", "tmp", "default",
    ]
}
