import CCurl
import Dispatch
import Glibc
import Synchronization

/// Carries out HTTP requests by libcurl's multi interface: all of them on one thread, which is there only while one runs.
///
/// Proxies come from the environment (`https_proxy`, `no_proxy`), HTTP/2 from the server; connections are kept for the
/// next request. Redirects are not followed: a signature holds for one host.
final class CurlTransfers: HTTPTransferring, Sendable {
    /// For the whole process, as its connections are worth keeping.
    static let shared = CurlTransfers()

    private struct State {
        var waiting: [CurlTransfer] = []
        var cancelled: Set<UInt64> = []
        var isRunning = false
        var lastIdentifier: UInt64 = 0
    }

    private let state = Mutex(State())
    private let thread = DispatchQueue(label: "http transfers")
    /// A handle of libcurl as an address.
    ///
    /// Used by the thread alone, but for `curl_multi_wakeup`, which every thread may call.
    private let multi: UInt

    init() {
        // Idempotent, and thread-safe in the versions that Debian has (7.84 and later).
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        self.multi = UInt(bitPattern: curl_multi_init())
        cc_multi_set_long(self.handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, 64)
    }

    deinit { curl_multi_cleanup(self.handle) }

    private var handle: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: self.multi) }

    func perform(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let identifier = self.state.withLock { state in
            state.lastIdentifier += 1
            return state.lastIdentifier
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<CurlTransfer.Result, Never>) in
                self.start(CurlTransfer(identifier, request) { continuation.resume(returning: $0) })
            }
        } onCancel: {
            self.state.withLock { _ = $0.cancelled.insert(identifier) }
            curl_multi_wakeup(self.handle)
        }
        self.state.withLock { _ = $0.cancelled.remove(identifier) }
        return try result.get()
    }

    private func start(_ transfer: CurlTransfer) {
        let mustStart = self.state.withLock { state in
            state.waiting.append(transfer)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart { self.thread.async { self.run() } } else { curl_multi_wakeup(self.handle) }
    }

    /// Runs until nothing is left to do.
    private func run() {
        var running: [UInt: CurlTransfer] = [:]
        while true {
            let (new, cancelled) = self.state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty, running.isEmpty { state.isRunning = false }
                return (state.waiting, state.cancelled)
            }
            for transfer in new {
                if cancelled.contains(transfer.identifier) {
                    transfer.finish(.failure(TransferError(code: .cancelled, reason: "cancelled")))
                } else if let easy = transfer.open() {
                    running[UInt(bitPattern: easy)] = transfer
                    curl_multi_add_handle(self.handle, easy)
                }
            }
            for (address, transfer) in running where cancelled.contains(transfer.identifier) {
                running[address] = nil
                self.end(transfer, .failure(TransferError(code: .cancelled, reason: "cancelled")))
            }
            if running.isEmpty, new.isEmpty { return }
            var count: Int32 = 0
            curl_multi_perform(self.handle, &count)
            var code = CURLE_OK
            while let easy = cc_next_ended(self.handle, &code) {
                guard let transfer = running.removeValue(forKey: UInt(bitPattern: easy)) else { continue }
                self.end(transfer, transfer.result(code))
            }
            if !running.isEmpty { curl_multi_poll(self.handle, nil, 0, 1_000, nil) }
        }
    }

    private func end(_ transfer: CurlTransfer, _ result: CurlTransfer.Result) {
        if let easy = transfer.easy { curl_multi_remove_handle(self.handle, easy) }
        transfer.finish(result)
    }
}
