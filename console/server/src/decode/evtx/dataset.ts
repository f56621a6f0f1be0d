export const dataset = 'evtx'
