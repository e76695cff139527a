import CCurl
import Glibc

/// One transfer of libcurl, from its request to its end.
///
/// @unchecked Sendable: made by whoever asks, and from then on used by the transfers' thread alone; it is handed over
/// through their lock.
final class CurlTransfer: @unchecked Sendable {
    typealias Result = Swift.Result<HTTPResponse, TransferError>

    let identifier: UInt64
    private let request: HTTPRequest
    private let done: @Sendable (Result) -> Void
    private(set) var easy: UnsafeMutableRawPointer?
    private var list: UnsafeMutablePointer<curl_slist>?
    private var headers: [(name: String, value: String)] = []
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(_ identifier: UInt64, _ request: HTTPRequest, done: @escaping @Sendable (Result) -> Void) {
        self.identifier = identifier
        self.request = request
        self.done = done
    }

    private static func failureToOpen() -> TransferError {
        guard let failure = cc_failure() else { return TransferError(code: .unreachable, reason: "out of memory") }
        let words = String(cString: failure)
        return TransferError(
            code: .unsupported, reason: "libcurl cannot be loaded (\(words)); Debian's package is libcurl4")
    }

    /// Makes the handle; without libcurl or memory the transfer ends at once.
    func open() -> UnsafeMutableRawPointer? {
        guard let easy = curl_easy_init() else {
            self.finish(.failure(Self.failureToOpen()))
            return nil
        }
        self.easy = easy
        cc_set_text(easy, CURLOPT_URL, self.request.url)
        cc_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // Keys may hold `..`; libcurl would resolve it.
        cc_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        cc_set_long(easy, CURLOPT_NOSIGNAL, 1)
        cc_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, 10_000)
        // Less than a byte a second for half a minute is a server that has gone.
        cc_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
        cc_set_long(easy, CURLOPT_LOW_SPEED_TIME, 30)
        cc_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        cc_set_long(easy, CURLOPT_PIPEWAIT, 1)
        cc_set_text(easy, CURLOPT_USERAGENT, "worker-console")
        self.openMethod(easy)
        // libcurl would wait for a 100 of servers that send none, and name a form.
        for (name, value) in self.request.headers + [("Expect", "")] {
            let hasType = self.request.headers.contains { $0.name.lowercased() == "content-type" }
            self.list = curl_slist_append(self.list, value.isEmpty ? "\(name):" : "\(name): \(value)")
            if !hasType, name == "Expect" { self.list = curl_slist_append(self.list, "Content-Type:") }
        }
        cc_set_list(easy, CURLOPT_HTTPHEADER, self.list)
        let context = Unmanaged.passUnretained(self).toOpaque()
        cc_set_pointer(easy, CURLOPT_WRITEDATA, context)
        cc_set_taker(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlTransfer.of(context)?.take(bytes, size * count) ?? 0
        }
        cc_set_pointer(easy, CURLOPT_HEADERDATA, context)
        cc_set_taker(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlTransfer.of(context)?.takeHeader(bytes, size * count) ?? 0
        }
        if self.request.sent != nil {
            cc_set_long(easy, CURLOPT_NOPROGRESS, 0)
            cc_set_pointer(easy, CURLOPT_XFERINFODATA, context)
            cc_set_progress(easy) { context, _, _, _, sent in
                CurlTransfer.of(context)?.request.sent?(Int64(sent))
                return 0
            }
        }
        return easy
    }

    private func openMethod(_ easy: UnsafeMutableRawPointer) {
        if let body = self.request.body {
            cc_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            _ = body.withUnsafeBytes { bytes in
                // No bytes have no address, and a null pointer would have libcurl ask for a body.
                guard let start = bytes.baseAddress else { return cc_set_text(easy, CURLOPT_COPYPOSTFIELDS, "") }
                return cc_set_text(easy, CURLOPT_COPYPOSTFIELDS, start.assumingMemoryBound(to: CChar.self))
            }
            if self.request.method != "POST" { cc_set_text(easy, CURLOPT_CUSTOMREQUEST, self.request.method) }
        } else if self.request.method == "HEAD" {
            cc_set_long(easy, CURLOPT_NOBODY, 1)
        } else if self.request.method != "GET" {
            cc_set_text(easy, CURLOPT_CUSTOMREQUEST, self.request.method)
        }
    }

    /// Ends the transfer, once; the handle is no longer with the others.
    func finish(_ result: Result) {
        if let easy = self.easy { curl_easy_cleanup(easy) }
        curl_slist_free_all(self.list)
        (self.easy, self.list) = (nil, nil)
        self.done(result)
    }

    /// What a code of libcurl means.
    func result(_ code: CURLcode) -> Result {
        guard code != CURLE_OK, let easy = self.easy else {
            let status = self.easy.map { cc_get_long($0, CURLINFO_RESPONSE_CODE) } ?? 0
            return .success(HTTPResponse(status: status, headers: self.headers, body: self.body))
        }
        if self.isTooLarge {
            let reason = "the response is larger than \(self.request.maximumBytes) bytes"
            return .failure(TransferError(code: .tooLarge, reason: reason))
        }
        let words = curl_easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
        let errno = Int32(truncatingIfNeeded: cc_get_long(easy, CURLINFO_OS_ERRNO))
        let kind: TransferError.Code =
            switch code {
            case CURLE_OPERATION_TIMEDOUT: .timeout
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: .tls
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalid
            default: .unreachable
            }
        let isRefused = code == CURLE_COULDNT_CONNECT && errno == ECONNREFUSED
        return .failure(TransferError(code: kind, reason: isRefused ? "connection refused" : Self.sentence(words)))
    }

    /// As a part of a sentence.
    private static func sentence(_ words: String) -> String {
        let isName = words.prefix(2).allSatisfy { $0.isUppercase }
        return isName ? words : words.prefix(1).lowercased() + words.dropFirst()
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        // The transfers keep it until libcurl has ended with it.
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func take(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, self.body.count + count <= self.request.maximumBytes else {
            self.isTooLarge = true
            return 0
        }
        self.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, self.headers.count < 1_000 else { return 0 }
        let line = UnsafeRawBufferPointer(start: bytes, count: count)
        // A status line begins the headers of another response: the one before was a 100.
        if line.starts(with: Array("HTTP/".utf8)) { self.headers = [] }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return count }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        let value = line[(colon + 1)...].split(whereSeparator: { $0 == 0x0D || $0 == 0x0A }).first ?? line[0..<0]
        let text = String(decoding: value.drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
        self.headers.append((name, text))
        return count
    }
}
