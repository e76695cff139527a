/// What requests are signed with. Its description never shows the secret.
package struct S3Credentials: Sendable, Equatable, CustomStringConvertible {
    package let accessKey: String
    package let secretKey: String
    package let sessionToken: String?

    package init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }

    package var description: String { "credentials \(self.accessKey.prefix(4))…" }
}
