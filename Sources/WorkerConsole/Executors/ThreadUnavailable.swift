/// The system gives no thread that can be woken: no descriptor, or no thread, is left.
package struct ThreadUnavailable: Error, Equatable {
    /// `errno` of the call that failed.
    package let code: Int32

    package init(code: Int32) { self.code = code }
}
