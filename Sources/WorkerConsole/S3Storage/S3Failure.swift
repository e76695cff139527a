import WorkerDomain

/// What a response or its absence means for a person.
enum S3Failure {
    /// Bytes of a response that are looked at.
    private static let largestError = 64 << 10
    /// Characters of a server's own words that are shown.
    private static let longestWords = 300

    static func error(of response: HTTPResponse, operation: String) -> StorageError {
        let (code, message, region) = self.fields(of: response)
        let words = message.isEmpty ? "" : ": " + String(message.prefix(self.longestWords))
        let said = code.isEmpty ? "the server responded with \(response.status)" : "\(code)\(words)"
        switch (response.status, code) {
        case (_, "NoSuchBucket"):
            return StorageError(.notFound, operation: operation, reason: "no such bucket (\(said))")
        case (404, _): return StorageError(.notFound, operation: operation, reason: "no such object (\(said))")
        case (_, "SignatureDoesNotMatch"), (_, "InvalidAccessKeyId"), (_, "ExpiredToken"), (_, "InvalidToken"):
            return StorageError(.denied, operation: operation, reason: "the credentials were refused (\(said))")
        case (_, "RequestTimeTooSkewed"):
            let reason = "the clock of this machine is wrong (\(said)); set it, for example with timedatectl"
            return StorageError(.denied, operation: operation, reason: reason)
        case (301, _), (307, _), (_, "AuthorizationHeaderMalformed"), (_, "PermanentRedirect"):
            let hint = (region ?? response.header("x-amz-bucket-region")).map { "; set region = \"\($0)\"" } ?? ""
            return StorageError(
                .invalid, operation: operation, reason: "the bucket is in another region (\(said))\(hint)")
        case (401, _), (403, _): return StorageError(.denied, operation: operation, reason: "access denied (\(said))")
        case (429, _), (500..., _): return StorageError(.unreachable, operation: operation, reason: said)
        case (400..., _): return StorageError(.invalid, operation: operation, reason: said)
        default:
            return StorageError(.malformed, operation: operation, reason: self.notS3(response))
        }
    }

    static func error(of error: TransferError, host: String, operation: String) -> StorageError {
        switch error.code {
        case .unreachable, .timeout:
            StorageError(.unreachable, operation: operation, reason: "\(host) cannot be reached: \(error.reason)")
        case .tls: StorageError(.denied, operation: operation, reason: "TLS failed: \(error.reason)")
        case .tooLarge, .cancelled: StorageError(.limit, operation: operation, reason: error.reason)
        case .invalid: StorageError(.invalid, operation: operation, reason: error.reason)
        case .unsupported: StorageError(.unsupported, operation: operation, reason: error.reason)
        }
    }

    /// Says what came in place of XML.
    static func notS3(_ response: HTTPResponse) -> String {
        let start = response.body.prefix(512).drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let isHTML = response.header("content-type")?.lowercased().hasPrefix("text/html") ?? false
        let looksLikeHTML = String(decoding: start.prefix(15), as: UTF8.self).lowercased()
        if isHTML || looksLikeHTML.hasPrefix("<!doctype html") || looksLikeHTML.hasPrefix("<html") {
            return "the server responded with a web page, not with S3's XML; check the endpoint"
        }
        return "the response is not S3's XML, or ends early"
    }

    private static func fields(of response: HTTPResponse) -> (code: String, message: String, region: String?) {
        var (code, message, region) = ("", "", String?.none)
        let document = Array(response.body.prefix(self.largestError))
        try? XMLFields.read(document) { path, text in
            switch path {
            case ["Error", "Code"]: code = text
            case ["Error", "Message"]: message = text
            case ["Error", "Region"]: region = text
            default: break
            }
        }
        return (code, message, region)
    }
}
