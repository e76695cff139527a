import Foundation
import Testing
import WorkerDomain

@Suite("Reasons of the system")
struct SystemReasonTests {
    @Test("every error of the system has words that begin small, and none is a structure or empty")
    func words() {
        for code in Int32(1)...140 {
            let text = SystemReason.text(code)
            #expect(!text.isEmpty && !text.contains("Error") && text.first?.isUppercase != true, "\(code) \(text)")
        }
        #expect(SystemReason.text(EPIPE) == "the reader closed it")
        #expect(SystemReason.text(EACCES).hasPrefix("permission denied; "))
        #expect(SystemReason.text(9_999) == "unknown error 9999")
    }
}
