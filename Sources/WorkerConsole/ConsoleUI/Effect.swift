package import TrafficJournal
package import WorkerDomain

/// Something to do outside a screen's reducer.
package enum Effect: Sendable {
    /// Runs work that waits; its result comes back to the same screen.
    case work(Work)
    /// The checks have run: every screen sees their report.
    case checked(CheckReport)
    /// Cancels the running effect of this key.
    case cancel(key: String)
    /// Brings another screen to the front.
    case show(ScreenID)
    /// Brings the traffic screen to the front with this filter.
    case showTraffic(filter: String)
    /// Brings the traffic screen to the front with this exchange open; with this filter where it is no longer kept.
    case showExchange(ExchangeID, filter: String)
    /// Brings the buckets screen to the front with this key of a binding selected.
    case showObject(binding: String, key: String)
    /// Brings the traffic screen to the front with its filter open for typing.
    case typeFilter
    /// One line for a few seconds above the keys.
    case toast(String, isFailure: Bool)
    /// Copies a value from outside to the clipboard. One that holds control characters, line breaks or invisible
    /// characters is copied as the word `$'…'`, which a shell reads back to the same bytes, and the toast says so.
    case copy(String)
    /// Copies lines that this program wrote: an example, a row with its values in columns.
    case copyLines(String)
    /// Copies a request as a command; the toast says when it is not the same request.
    case copyCommand(CurlCommand)
    /// Gives the terminal to the person's editor, with a file open at a line.
    case edit(path: String, line: Int)
    /// Opens the dialog that switches the backend.
    case chooseBackend
    case quit
}
